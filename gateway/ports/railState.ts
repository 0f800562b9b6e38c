import type { ErrorCode } from '../errors/catalog.ts'
import type { RailName } from './railName.ts'

/** Whether a rail could be opened, and since when (ms). `reason` and `detail` say why not; nothing is offered or sent on it meanwhile. */
export type RailState = Readonly<{ rail: RailName; open: boolean; since: number; reason?: ErrorCode; detail?: string }>
