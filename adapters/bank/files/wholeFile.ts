import type { BankFile, FileReader } from './bankFile.ts'
import { BankFileRefused } from './bankFileRefused.ts'

/** A file that is read as one piece may be no larger. */
const BYTES_MAX = 10 * 1024 * 1024

/** Reads a file that makes sense only as a whole. */
export function wholeFile(read: (bytes: Uint8Array) => BankFile): FileReader {
  const pieces: Uint8Array[] = []
  let size = 0
  return {
    write(bytes) {
      size += bytes.length
      if (size > BYTES_MAX) throw new BankFileRefused(`the file has more than ${BYTES_MAX} bytes`)
      pieces.push(bytes)
    },
    end: () => read(Buffer.concat(pieces)),
  }
}
