import type { Method } from './model.ts'

/** Methods by their resource, in the order in which they stand. */
export function groups(methods: readonly Method[]): readonly (readonly [resource: string, methods: readonly Method[]])[] {
  return [...Map.groupBy(methods, ({ resource }) => resource)]
}
