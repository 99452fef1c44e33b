/** SQL: the embargo, for statements with the sight's `seesUpcoming` as `$3` and the point's time as `$4`. */
export const EMBARGO = "($3 or effective_from <= $4)";
