import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

/** Node programs (Electron main, CLI, worker, benchmark), the preload and the renderer. */
export default defineConfig({
  main: {
    build: {
      // The bench alone uses the browser's driver.
      externalizeDeps: { include: ['playwright-core', '@electron/fuses'] },
      rollupOptions: {
        input: {
          index: resolve(import.meta.dirname, 'src/main/index.ts'),
          cli: resolve(import.meta.dirname, 'src/cli/index.ts'),
          'query-worker': resolve(import.meta.dirname, 'src/runtime/idb/query-worker.ts'),
          'idb-copy-worker': resolve(import.meta.dirname, 'src/runtime/idb/idb-copy-worker.ts'),
          'import-plan-worker': resolve(
            import.meta.dirname,
            'src/runtime/configuration/import-plan-worker.ts',
          ),
          'snapshot-worker': resolve(import.meta.dirname, 'src/runtime/idb/snapshot-worker.ts'),
          'checkpoint-worker': resolve(
            import.meta.dirname,
            'src/runtime/store/checkpoint-worker.ts',
          ),
          'lab-worker': resolve(import.meta.dirname, 'src/runtime/worker/lab-worker.ts'),
          bench: resolve(import.meta.dirname, 'bench/index.ts'),
          'bench-receiver': resolve(import.meta.dirname, 'bench/receiver.ts'),
          swarm: resolve(import.meta.dirname, 'swarm/index.ts'),
          fuses: resolve(import.meta.dirname, 'release/index.ts'),
          pictures: resolve(import.meta.dirname, 'pictures/index.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: resolve(import.meta.dirname, 'src/preload/index.ts') },
        // A sandboxed preload must be CommonJS in one file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(import.meta.dirname, 'src/renderer'),
    plugins: [vue()],
    build: {
      minify: true,
      rollupOptions: { input: resolve(import.meta.dirname, 'src/renderer/index.html') },
    },
  },
});
