/** The part of wasi:keyvalue that the service uses, as TypeScript sees it. */
declare module "wasi:keyvalue/store@0.2.0-draft" {
  export type Error =
    | { tag: "no-such-store" | "access-denied"; val?: undefined }
    | { tag: "other"; val: string };

  export class Bucket {
    get(key: string): Uint8Array | undefined;
    set(key: string, value: Uint8Array): void;
    delete(key: string): void;
    exists(key: string): boolean;
  }

  export function open(identifier: string): Bucket;
}
