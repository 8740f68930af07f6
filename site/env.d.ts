/// <reference types="astro/client" />

/** Whether the development server runs; see `astro.config.ts`. */
declare const IS_DEVELOPMENT: boolean;
