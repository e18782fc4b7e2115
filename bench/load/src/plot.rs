//! Growth curves as a plain SVG: both axes logarithmic, a line for each contestant.
