import type { Meters } from './meters.ts'

/** What each face is given of its seller: how payers reach the app, where the requests do not say it, and the meters of the work that runs. */
export type FaceOptions = Readonly<{ publicUrl: string | undefined; meters: Meters }>
