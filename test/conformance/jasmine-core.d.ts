/** The few parts of jasmine-core that the conformance run uses; the package carries no types. */
declare module 'jasmine-core' {
  export interface SpecResult {
    readonly fullName: string;
    readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
    readonly failedExpectations: readonly { readonly message: string; readonly stack: string }[];
  }
  export interface Environment {
    configure(options: {
      random?: boolean;
      forbidDuplicateNames?: boolean;
      specFilter?: (spec: { getFullName(): string }) => boolean;
    }): void;
    addReporter(reporter: { specDone?(result: SpecResult): void }): void;
    execute(): Promise<{ readonly overallStatus: string; readonly incompleteReason?: string }>;
  }
  const jasmineCore: { boot(): { getEnv(): Environment } };
  export default jasmineCore;
}
