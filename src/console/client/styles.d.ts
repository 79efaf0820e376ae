/** Stylesheets are bundled, and have no values. */
declare module '*.css'
