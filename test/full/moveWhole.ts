import { existsSync, renameSync } from 'node:fs'

/** Moves what was made to its place in the cache, where all find it by being there; a file that runs beside may have been quicker with the same. */
export function moveWhole(made: string, place: string): void {
  try {
    renameSync(made, place)
  } catch (error) {
    if (!existsSync(place)) throw error
  }
}
