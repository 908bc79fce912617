/** What a page needs besides its results. `@quorate/report/bundle` makes it from this package's own page code. */
export interface ReportAssets {
  /** The page's script, bundled: one classic script without imports. */
  readonly script: string;
  /** `sha256-…` of `script`, in base64: then the page's policy lets no other script run. */
  readonly scriptHash?: string;
  /** The views that the script has besides `read`, in their order. Default: none. */
  readonly views?: readonly ('see' | 'run' | 'learn')[];
  /** Style rules that follow the page's own. */
  readonly style?: string;
}
