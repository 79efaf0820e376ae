/** The path of the console, below which are its pages, scripts and API. */
export const consolePath = '/console'

/** Whether a path is the console's. */
export function isConsolePath(path: string): boolean {
  return path === consolePath || path.startsWith(`${consolePath}/`)
}
