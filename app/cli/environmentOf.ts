import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The environment, with the variables of a file (`NAME=value` a line) for what is not set in it. */
export function environmentOf(file: string | undefined): NodeJS.ProcessEnv {
  return file === undefined ? process.env : { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
}
