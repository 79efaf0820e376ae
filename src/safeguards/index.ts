/** What a check needs, in one module that is loaded when a client asks for the first one. */
export { findContext } from './context.ts'
export { SafeguardStage } from './safeguard-stage.ts'
export { toTranscript } from './transcript.ts'
