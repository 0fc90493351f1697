/// <reference types="vite/client" />

interface Window {
  /** What the preload exposes under Electron; absent in a browser. */
  readonly duplexLab?: {
    call(method: string, parameters: unknown): Promise<unknown>;
    /** The commands that the native menu shows. */
    setMenu(commands: unknown): Promise<unknown>;
    onEvent(listener: (event: unknown) => void): void;
    /** A command that was chosen in the native menu. */
    onCommand(listener: (id: unknown) => void): void;
  };
}
