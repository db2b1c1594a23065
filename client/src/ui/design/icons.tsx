import type { ReactNode } from "react";

/** Drawn on a 20-unit square with one stroke width; decoration only, the words stand beside or in `aria-label`. */
function Icon({ children, mirror = false }: { readonly children: ReactNode; readonly mirror?: boolean }) {
  return (
    <svg
      width="1.25em"
      height="1.25em"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="square"
      aria-hidden="true"
      focusable="false"
      data-mirror={mirror ? "" : undefined}
    >
      {children}
    </svg>
  );
}

export const BackIcon = () => (
  <Icon mirror>
    <path d="M12.5 4 6.5 10l6 6" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="m4.5 8 5.5 5.5L15.5 8" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="M4 10h.01M10 10h.01M16 10h.01" strokeWidth="2.6" />
  </Icon>
);

/** A closed envelope flap: only members can read this. */
export const SealIcon = () => (
  <Icon>
    <path d="M3 5h14v10.5H3zM3 5.5l7 5.5 7-5.5" />
  </Icon>
);

/** A drawing pin: worth knowing. */
export const PinIcon = () => (
  <Icon>
    <path d="M6.5 3h7M8 3v5.5l-2.5 3h9L12 8.5V3M10 11.5V17" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M10 3 2.5 16.5h15zM10 8v4M10 14.2v.01" />
  </Icon>
);

export const OfflineIcon = () => (
  <Icon>
    <path d="M3 8.5a10 10 0 0 1 14 0M5.5 11.5a6.3 6.3 0 0 1 9 0M8 14.3a2.8 2.8 0 0 1 4 0M3 3l14 14" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);

export const DoneIcon = () => (
  <Icon>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <path d="M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4.3l3 1.7" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <path d="M7 7h9v9H7zM13 7V4H4v9h3" />
  </Icon>
);

export const ShareIcon = () => (
  <Icon>
    <path d="M10 12V3M6.5 6.5 10 3l3.5 3.5M5 10H4v7h12v-7h-1" />
  </Icon>
);

export const ScissorsIcon = () => (
  <Icon>
    <path d="M6.5 7.5 17 14M6.5 12.5 17 6M4.8 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4.8 15.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <path d="M10 10a3.3 3.3 0 1 0 0-6.6A3.3 3.3 0 0 0 10 10zM3.5 17c.6-3.3 3-5 6.5-5s5.9 1.7 6.5 5" />
  </Icon>
);
