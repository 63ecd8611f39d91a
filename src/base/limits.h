/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every bound on a loop or an allocation over foreign input, by name. The ones a user can meet
 * are repeated in lodestone-evidence(5).
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* contacts */
#define LIMIT_VISIT_GAP_S   30 /* a longer gap starts a new visit */
#define LIMIT_VISIT_SPAN_S  60 /* a visit is at most this long */
#define LIMIT_PAIR_WINDOW_S 5 /* a response later than this answers no query (RFC 8618's default) */
#define LIMIT_NAME_BYTES    255 /* a domain name in wire form (RFC 1035 2.3.4) */
#define LIMIT_LABEL_BYTES   63
#define LIMIT_NAME_POINTERS 127 /* compression pointers in one name: no more labels fit into it */

/* text logs */
#define LIMIT_LOG_LINE_BYTES  (1u << 20) /* a longer line is skipped */
#define LIMIT_LOG_COLUMNS     128        /* columns behind these are not looked at */
#define LIMIT_LOG_WORD_BYTES  31         /* a place-holder of a header: #unset_field, #path */
#define LIMIT_LOG_ANSWERS     256        /* facts of one row; further answers are not looked at */
#define LIMIT_TABLE_MAP_BYTES 4096       /* of a file that names the columns of tables */
#define LIMIT_ZONE_BYTES      65536      /* of a file of the time zone database */
#define LIMIT_ZONE_CHANGES    1024       /* of a clock; those of the database have up to 240 */
#define LIMIT_LOSS_INTERVAL_S 86400      /* that a sensor sums up its losses over: Zeek 900 */
#define LIMIT_SOURCE_LOSSES   (1u << 20) /* such intervals of one source; later ones are skipped */
#define LIMIT_JSON_DEPTH      64         /* objects and arrays inside each other */

/* logs of mail servers */
#ifdef LODESTONE_FUZZING
#define LIMIT_MTA_MEMORY 4
#else
#define LIMIT_MTA_MEMORY 8192 /* sessions and messages that later lines may refer to */
#endif

/* mail by its headers */
#define LIMIT_MAIL_LINE_BYTES 4096 /* of a header or body; the rest of a line is passed over */
#define LIMIT_MAIL_FIELD_BYTES                                                                     \
	4096               /* of a Received field, Date or Message-ID; what is longer is cut */
#define LIMIT_MAIL_HOPS 64 /* Received fields of one message, the latest ones */

/* scenarios */
#define LIMIT_SCENARIO_ITEMS  100000     /* of one list in a scenario file */
#define LIMIT_SCENARIO_EVENTS 1000000000 /* rows that one simulation may make */

/* calendars of outside events */
#define LIMIT_CALENDAR_BYTES       (1 << 20)
#define LIMIT_CALENDAR_EVENTS      10000
#define LIMIT_CALENDAR_LINE_BYTES  4096 /* of iCalendar, unfolded; what is longer is cut */
#define LIMIT_CALENDAR_LABEL_BYTES 255  /* the same */

/* evidence */
#define LIMIT_WALK_ITEMS         10000000     /* files that the arguments of one run stand for */
#define LIMIT_COMPRESSION_LAYERS 4            /* of compression inside compression */
#define LIMIT_DECODER_BYTES      (256u << 20) /* memory of one layer's decoder */

/* dnstap */
#define LIMIT_FRAME_BYTES     (1u << 20) /* of one Frame Streams record (as fstrm's reader has it) */
#define LIMIT_SENDERS         32         /* of a socket at a time; each has a buffer of one frame */
#define LIMIT_SENDER_STALL_S  30  /* that one may leave a frame, or the way to START, unfinished */
#define LIMIT_PROTOBUF_FIELDS 256 /* of one protobuf message: dnstap has 16 */

/* databases of others */
#define LIMIT_DATABASE_BYTES     (16ull << 30) /* that are copied to a temporary file */
#define LIMIT_DATABASE_ROW_BYTES 65536 /* of a row, or of a text or statement of its schema */
#define LIMIT_DATABASE_WORK      20000 /* instructions for a row; one look-up by number takes 20 */

/* C-DNS */
#define LIMIT_CBOR_DEPTH        16          /* arrays and maps inside each other: C-DNS has seven */
#define LIMIT_CDNS_HEADER_BYTES (1u << 20)  /* before the first block */
#define LIMIT_CDNS_BLOCK_BYTES  (16u << 20) /* of one block; some 5000 records are 100 kB */
#define LIMIT_CDNS_TABLE        (1u << 20) /* entries of one table of a block that are found again */
#define LIMIT_CDNS_PARAMETERS   256 /* block parameters of a file; later ones are not known */

/* capture files */
#define LIMIT_PACKET_BYTES  262144 /* of one packet; a longer one is damage (as libpcap has it) */
#define LIMIT_BLOCK_BYTES   (16 << 20) /* of one pcapng block (as libpcap has it) */
#define LIMIT_INTERFACES    65536      /* of one pcapng section */
#define LIMIT_RESYNC_JUMP_S 2678400 /* behind damage, records found lie so near in time: 31 days */

/* captured packets */
#define LIMIT_LAYERS      16 /* headers on the way from the link to UDP or TCP, tunnels included */
#define LIMIT_VLAN_TAGS   4  /* tags in a row */
#define LIMIT_FRAG_WAIT_S 30 /* a datagram that takes longer is given up (RFC 8200 4.5: 60) */
/* fuzzers run with small tables, which are cheap to make, and get full */
#ifdef LODESTONE_FUZZING
#define LIMIT_FRAG_DATAGRAMS 2
#define LIMIT_TCP_HALVES     4
#define LIMIT_TCP_ROOMS      2
#define LIMIT_TCP_RANGES     3
#define LIMIT_PAIR_WAITING   4
#define LIMIT_SMTP_SESSIONS  2
#define LIMIT_SMTP_PIPELINE  6
#else
#define LIMIT_FRAG_DATAGRAMS 256        /* fragmented IP datagrams put together at a time */
#define LIMIT_TCP_HALVES     8192       /* directions of TCP connections that are remembered */
#define LIMIT_TCP_ROOMS      256        /* of them with bytes that wait for others */
#define LIMIT_TCP_RANGES     32         /* pieces out of order in one room */
#define LIMIT_PAIR_WAITING   (1u << 18) /* messages of the last LIMIT_PAIR_WINDOW_S */
#define LIMIT_SMTP_SESSIONS  4096       /* mail sessions that are followed at a time */
#define LIMIT_SMTP_PIPELINE  256        /* commands of one that wait for their replies */
#endif
#define LIMIT_TCP_ROOM_BYTES  (1u << 17) /* a whole message of 65537 bytes, and a window beyond it */
#define LIMIT_TCP_HOLE_S      5          /* a segment that comes later is not waited for */
#define LIMIT_PAIR_STEPS      16         /* messages with the same key that are tried */
#define LIMIT_PAIR_SKEW_MS    10         /* a response may be stamped so much before its query */
#define LIMIT_SMTP_LINE_BYTES 264 /* of a command, reply or header line; the rest is passed over */
#define LIMIT_SMTP_DOMAINS    4   /* of the recipients of one message */
#define LIMIT_QUESTIONS       64  /* questions of a message that become contacts */

#endif
