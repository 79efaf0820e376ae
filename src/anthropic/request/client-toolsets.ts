/** Toolsets that the client runs: entries of `tools` without a name, each of which stands for many tools. */

/** Whether an entry of that type is one, whatever its version. */
export function isToolsetType(type: string): boolean {
  return /^(?:computer|browser)_toolset_\d/.test(type)
}
