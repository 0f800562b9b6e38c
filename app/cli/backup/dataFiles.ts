import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * What is not copied as it is: the journal, which is read block by block; what follows from it and is built again at the next start; locks; and a database's
 * log, which goes with the database.
 */
const LEFT_OUT = /^(?:journal\.db.*|read\.db.*|audit\.db.*|.*\.lock|.*-wal|.*-shm|.*\.new)$/
const DERIVED_FOLDER = 'state'

/** A file of a data folder, and whether it is a database that a gateway may have open. */
type DataFile = Readonly<{ name: string; path: string; database: boolean }>

/** The files of a data folder beside its journal. */
export function dataFiles(dataDir: string): DataFile[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !LEFT_OUT.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ name: relative(dataDir, path), path, database: path.endsWith('.db') }))
    .filter(({ name }) => !name.startsWith(`${DERIVED_FOLDER}/`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
