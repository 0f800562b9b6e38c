import { isFileMissing } from '../../../gateway/errors/fileMissing.ts'

/** The result, or undefined when the file is not there (any more): a person or a transfer program may take it at any time. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isFileMissing(error)) return undefined
    throw error
  }
}
