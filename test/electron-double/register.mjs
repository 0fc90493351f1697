// Makes `electron` mean the double, for import and for require.
import { register } from 'node:module';

register(new URL('./resolve.mjs', import.meta.url));
