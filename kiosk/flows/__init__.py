"""A resident's path as step machines: state and answer in, next step and effects out. Pure: no clock, no hall, no
pixels. Start with `Visit` in `kiosk.flows.visit`; pages are in `steps`, what every flow is built of in `places`."""
