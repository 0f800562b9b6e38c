/** Time as the domain sees it, in milliseconds since 1970. */
export interface Clock {
  now(): number
}

/** New ids; random, so they come through a port and a seeded world can replay them. */
export interface IdSource {
  /** `kind` is the prefix with its underscore, such as `pi_`. */
  next<K extends string>(kind: K): `${K}${string}`
}
