import { expect, test } from "vitest";
import { callerAddress } from "../../src/access/rate-limits/caller-address.js";

test.each`
  why                                                 | address                                      | caller
  ${"an IPv4 address is a caller"}                    | ${"192.0.2.7"}                               | ${"192.0.2.7"}
  ${"and is the same in the clothes of IPv6"}         | ${"::ffff:192.0.2.7"}                        | ${"192.0.2.7"}
  ${"however that is written"}                        | ${"::ffff:c000:207"}                         | ${"192.0.2.7"}
  ${"of an IPv6 address the first 64 bits are one"}   | ${"2001:db8:0:7:1:2:3:4"}                    | ${"2001:db8:0:7::/64"}
  ${"and again, shortened"}                           | ${"2001:db8:0:7::"}                          | ${"2001:db8:0:7::/64"}
  ${"and again, in capitals and with zeros in front"} | ${"2001:0DB8:0000:0007:FFFF:FFFF:FFFF:FFFF"} | ${"2001:db8:0:7::/64"}
  ${"other 64 bits are another caller"}               | ${"2001:db8:0:8::1"}                         | ${"2001:db8:0:8::/64"}
  ${"this machine has one, too"}                      | ${"::1"}                                     | ${"0:0:0:0::/64"}
  ${"a zone is this machine's own affair"}            | ${"fe80::1%eth0"}                            | ${"fe80:0:0:0::/64"}
  ${"what a proxy hands on may be no address"}        | ${"unknown"}                                 | ${"unknown"}
  ${"nor is everything with colons"}                  | ${"1::2::3"}                                 | ${"unknown"}
  ${"nor what is too long"}                           | ${"1:2:3:4:5:6:7:8:9"}                       | ${"unknown"}
  ${"nor what is too long with a gap that is no gap"} | ${"1:2:3:4::5:6:7:8"}                        | ${"unknown"}
  ${"nor nothing"}                                    | ${""}                                        | ${"unknown"}
`("$why: $address", ({ address, caller }: { address: string; caller: string }) => {
  expect(callerAddress(address)).toBe(caller);
});
