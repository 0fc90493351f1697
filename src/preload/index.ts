import { contextBridge, ipcRenderer } from 'electron';

/** All that the renderer gets of Electron: one call, one subscription. */
contextBridge.exposeInMainWorld('duplexLab', {
  call: (method: string, parameters: unknown) => ipcRenderer.invoke('lab:call', method, parameters),
  onStatus(listener: (status: unknown) => void) {
    ipcRenderer.on('lab:status', (_event, status) => listener(status));
  },
});
