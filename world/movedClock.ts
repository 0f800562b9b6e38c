/** The clock of a part of the world: the machine's, until a test puts it forward; never back. */
type MovedClock = Readonly<{ now: () => number; moveTo: (at: number) => void }>

/** `reached`: the latest time that an earlier process of this part has told, in ms; 0 for a new one. */
export function movedClock(reached = 0): MovedClock {
  let aheadMs = ahead(reached)
  return {
    now: () => Date.now() + aheadMs,
    moveTo(at) {
      aheadMs = Math.max(aheadMs, ahead(at))
    },
  }
}

const ahead = (at: number) => Math.max(0, at - Date.now())
