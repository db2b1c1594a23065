/** The one function of Babel that the macro plugin calls; Babel 7 brings no types. */
declare module "@babel/core" {
  export function transformAsync(
    code: string,
    options: {
      readonly filename: string;
      readonly babelrc: false;
      readonly configFile: false;
      readonly sourceMaps: boolean;
      readonly parserOpts: { readonly plugins: readonly string[] };
      readonly plugins: readonly unknown[];
    },
  ): Promise<{ readonly code?: string | null; readonly map?: object | null } | null>;
}
