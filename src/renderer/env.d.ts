/// <reference types="vite/client" />

interface Window {
  /** What the preload exposes under Electron; absent in a browser. */
  readonly duplexLab?: {
    call(method: string, parameters: unknown): Promise<unknown>;
    onStatus(listener: (status: unknown) => void): void;
  };
}
