/** Built by src/cli/platform/bundle/console-assets.ts. */
declare module 'virtual:console-assets' {
  /** Names with a hash → texts. */
  export const assets: ReadonlyMap<string, string>
}
