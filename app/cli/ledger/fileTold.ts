import { sizeText } from '../pay/progress.ts'

type Written = Readonly<{ bytes: number; lines: number }>

/** Says what was written, beside it: the file itself may be on standard output. */
export function fileTold(o: Readonly<{ json?: boolean | undefined; file?: string | undefined }>, { bytes, lines }: Written): void {
  const { json, file } = o
  console.error(
    json
      ? JSON.stringify({ file: file ?? null, bytes, lines })
      : `${lines} lines, ${sizeText(bytes)}${file === undefined ? '' : `, in ${file}`}`,
  )
}
