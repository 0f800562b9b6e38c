import type { EventFilter } from '../../ports/readModel.ts'

/** What the thread of streams is told. `taken`: what was written to these went out, and they may have more. */
export type ToStreams =
  | Readonly<{ kind: 'open'; stream: number; filter: EventFilter; after: string }>
  | Readonly<{ kind: 'taken'; streams: readonly number[] }>
  | Readonly<{ kind: 'close'; stream: number }>
  | Readonly<{ kind: 'end' }>

/** The next events for these streams, as they are written to each. */
export type FromStreams = Readonly<{ streams: readonly number[]; text: string }>
