import { fileURLToPath } from 'node:url'

/** Beside the program: who may write there may write the program too. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

/**
 * The environment of a process of the yard. Node keeps there what it has compiled, unless it is told another place: each start would strip and compile
 * the same thousands of files again.
 */
export function partEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILED }
}
