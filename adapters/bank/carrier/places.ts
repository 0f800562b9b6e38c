import { join } from 'node:path'

/** `putInto`: the bank's folder for our orders; `takeFrom`: that with its files; `taken`: what becomes of them there when they are here. */
export type FarPlaces = Readonly<{ putInto: string; takeFrom: string; taken: 'delete' | 'leave' }>

/** Files of one round; the rest wait for the next. */
export const ROUND_FILES_MAX = 100

/** The carrier's own folders beside the rail's `outbox/` and `inbox/`. */
export function nearPlaces(folder: string) {
  const of = (name: string) => join(folder, name)
  return { outbox: of('outbox'), inbox: of('inbox'), leaving: of('leaving'), carried: of('carried'), taken: of('taken.txt') }
}

export type NearPlaces = ReturnType<typeof nearPlaces>
