-- Is IDB available? For each ICON and provider: what has changed within the window (seconds) before now (UTC seconds).
-- sqlite3 lab.db -cmd '.parameter init' -cmd '.parameter set :now 1772464000' -cmd '.parameter set :window 120' < docs/sql/idb-availability.sql
WITH session AS (
  SELECT 'GCC' AS provider, ICON_DBID, LEVENT_ITS, NODATA_IUTC FROM G_DSS_GCC_PROVIDER UNION ALL
  SELECT 'GLS', ICON_DBID, LEVENT_ITS, NODATA_IUTC FROM G_DSS_GLS_PROVIDER UNION ALL
  SELECT 'GUD', ICON_DBID, LEVENT_ITS, NODATA_IUTC FROM G_DSS_GUD_PROVIDER UNION ALL
  SELECT 'GOS', ICON_DBID, LEVENT_ITS, NODATA_IUTC FROM G_DSS_GOS_PROVIDER UNION ALL
  SELECT 'CFG', ICON_DBID, LEVENT_ITS, NODATA_IUTC FROM G_DSS_CFG_PROVIDER
)
SELECT ICON_DBID AS icon, provider, max(LEVENT_ITS) AS last_event, max(NODATA_IUTC) AS no_data,
  CASE
    WHEN max(LEVENT_ITS) > :now - :window THEN 'newData'
    WHEN max(NODATA_IUTC) > :now - :window THEN 'noNewData'
    ELSE 'notAvailable'
  END AS availability
FROM session
GROUP BY ICON_DBID, provider
ORDER BY ICON_DBID, provider;
