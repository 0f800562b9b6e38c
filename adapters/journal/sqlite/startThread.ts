import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Starts a thread. Throws where the process may have no more of them (`ERR_WORKER_INIT_FAILED`). */
export type StartThread = (file: URL, options: WorkerOptions) => Worker

export const newThread: StartThread = (file, options) => new Worker(file, options)
