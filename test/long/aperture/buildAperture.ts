import { join } from 'node:path'
import { buildPrograms, builtPrograms, type GoSet } from '../../full/goPrograms.ts'

const APERTURE: GoSet<'aperture'> = {
  cache: 'aperture',
  about: 'it takes 6 to 14 minutes of a machine with two cores, once',
  builds: {
    aperture: {
      module: join(import.meta.dirname, 'apertureModule'),
      args: ['-ldflags', '-s -w', 'github.com/lightninglabs/aperture/cmd/aperture'],
    },
  },
}

/** The program from the cache folder, built first when it is not there. `say` gets a line now and then. Throws with what is missing. */
export async function buildAperture(say: (line: string) => void): Promise<string> {
  return (await buildPrograms(APERTURE, say)).aperture
}

/** The program, if it is in the cache already: for what uses it only where it is. */
export function builtAperture(): string | undefined {
  return builtPrograms(APERTURE)?.aperture
}

// Run by itself it fills the cache, for the step before the tests.
if (process.argv[1] === import.meta.filename) console.log(`aperture is ${await buildAperture((line) => console.log(line))}`)
