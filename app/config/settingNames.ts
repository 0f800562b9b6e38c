import { z } from 'zod'

type Schema = Readonly<{
  properties?: Readonly<Record<string, Schema>>
  items?: Schema
  prefixItems?: readonly Schema[]
  anyOf?: readonly Schema[]
}>

/** Every setting that there can be, such as `evm[].rpcUrls[]`; what only holds others is left out. */
export function settingNames(shape: z.ZodType): readonly string[] {
  // JSON Schema, of which these members are read.
  return [...new Set(namesIn(z.toJSONSchema(shape, { io: 'input' }) as Schema, ''))]
}

function namesIn({ properties, items, prefixItems = [], anyOf = [] }: Schema, path: string): string[] {
  const members = Object.entries(properties ?? {}).flatMap(([name, inner]) => namesIn(inner, path === '' ? name : `${path}.${name}`))
  const entries = [...prefixItems, ...(items ? [items] : [])].flatMap((inner) => namesIn(inner, `${path}[]`))
  const found = [...members, ...entries, ...anyOf.flatMap((inner) => namesIn(inner, path))]
  const alone = anyOf.length === 0 && properties === undefined && items === undefined && prefixItems.length === 0
  return alone ? [path] : found
}
