/** Placeholder until the calibrated estimator lands. */
export function estimateText(text: string): number {
  return Math.ceil(text.length / 4)
}
export function estimateTokens(request: object): number {
  return Math.max(1, estimateText(JSON.stringify(request)))
}
