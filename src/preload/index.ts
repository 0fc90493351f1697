import { contextBridge, ipcRenderer } from 'electron';

/** All that the renderer gets of Electron: two verbs, two subscriptions. */
contextBridge.exposeInMainWorld('duplexLab', {
  call: (method: string, parameters: unknown) => ipcRenderer.invoke('lab:call', method, parameters),
  setMenu: (commands: unknown) => ipcRenderer.invoke('window:menu', commands),
  onEvent(listener: (event: unknown) => void) {
    ipcRenderer.on('lab:event', (_event, data) => listener(data));
  },
  onCommand(listener: (id: unknown) => void) {
    ipcRenderer.on('window:command', (_event, id) => listener(id));
  },
});
