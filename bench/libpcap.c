/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-libpcap FILE: the floor of reading a capture: libpcap hands over every packet, no more. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *bytes;
	unsigned long packets = 0, sum = 0;
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;

	if (p == NULL) {
		(void)fprintf(stderr, "usage: bench-libpcap FILE\n");
		return 2;
	}
	while (pcap_next_ex(p, &header, &bytes) == 1) {
		packets++;
		sum += header->caplen > 0 ? bytes[0] : 0;
	}
	pcap_close(p);
	(void)printf("%lu packets, %lu\n", packets, sum);
	return 0;
}
