/** What the maker of a resource writes on it for itself: strings under names. How much it may be says `gateway/api/http/wire.ts`. */
export type Metadata = Readonly<Record<string, string>>

/** As a fact says it: nothing where there is none, so that old facts and those without it are alike. */
export function saidMetadata(metadata: Metadata | undefined): Readonly<{ metadata?: Metadata }> {
  return metadata && Object.keys(metadata).length > 0 ? { metadata } : {}
}
