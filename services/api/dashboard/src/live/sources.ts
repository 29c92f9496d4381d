export { connection, mode, rate, retryNow, startLive, store } from './page';
export { pipelineSource, type PipelineInfo } from './pipeline';
export type { Connection } from './connection';
export type { Pulse } from './store';
