/** The part of `navigator.userAgentData` that names a device. */
export interface UserAgentData {
  brands: { brand: string }[];
  platform: string;
}

/**
 * What an agent recognises in the list of sessions, for example "Google Chrome on Windows". The browser
 * mixes an invented brand and "Chromium" into the list; the real one is what is left, if anything is.
 */
export const deviceName = (data: UserAgentData | undefined): string => {
  const brands = data?.brands.map(({ brand }) => brand).filter((brand) => !/not.*brand/i.test(brand)) ?? [];
  const browser = brands.find((brand) => brand !== 'Chromium') ?? brands[0] ?? 'Browser';
  return data?.platform ? `${browser} on ${data.platform}` : browser;
};
