/** Parts as tests expect them of any dialect. */
export const textPart = (text: string) => ({ type: 'text-delta', text })
export const thinkingPart = (text: string) => ({ type: 'thinking-delta', text })
export const toolStart = (call: number, name: string) => ({
  type: 'tool-start',
  call,
  id: `toolu_${call}`,
  name,
})
export const toolDelta = (call: number, json: string) => ({ type: 'tool-delta', call, json })
export const toolEnd = (call: number) => ({ type: 'tool-end', call })
