//! Invariants that one statement can check. Each statement gives one text column `what` per broken row.

/// Public code of the invariant → the statement that finds what breaks it.
pub(super) const INVARIANTS: [(&str, &str); 30] = [
    (
        "seats_taken",
        "SELECT 'campaign:1' AS what FROM campaign
         WHERE taken <> (SELECT COUNT(*) FROM registration WHERE state = 'registered')",
    ),
    ("seats_within_quota", "SELECT 'campaign:1' AS what FROM campaign WHERE taken > quota"),
    (
        "seat_unique",
        "SELECT 'seat:' || CAST(seat AS TEXT) AS what FROM registration WHERE seat IS NOT NULL
         GROUP BY seat HAVING COUNT(*) > 1
         UNION ALL
         SELECT 'seat:' || CAST(f.number AS TEXT) FROM free_seat f JOIN registration r ON r.seat = f.number",
    ),
    (
        "seat_in_range",
        "SELECT 'registration:' || CAST(r.id AS TEXT) AS what FROM registration r JOIN campaign p ON p.id = 1
         WHERE r.seat < 1 OR r.seat >= p.next_seat
         UNION ALL
         SELECT 'campaign:1' FROM campaign
         WHERE next_seat - 1 <> taken + (SELECT COUNT(*) FROM free_seat)",
    ),
    (
        "waitlist_count",
        "SELECT 'campaign:1' AS what FROM campaign
         WHERE waitlisted <> (SELECT COUNT(*) FROM registration WHERE state = 'waitlisted')",
    ),
    (
        "waitlist_only_when_full",
        "SELECT 'campaign:1' AS what FROM campaign WHERE taken < quota AND waitlist_closed_at IS NULL
           AND EXISTS (SELECT 1 FROM registration WHERE state = 'waitlisted')",
    ),
    (
        "one_registration_per_customer",
        "SELECT 'customer:' || CAST(customer AS TEXT) AS what FROM registration
         GROUP BY customer HAVING COUNT(*) > 1",
    ),
    (
        "registration_consent",
        "SELECT 'registration:' || CAST(r.id AS TEXT) AS what FROM registration r
         WHERE r.state <> 'cancelled'
           AND NOT EXISTS (SELECT 1 FROM consent s WHERE s.registration = r.id AND s.purpose = 'register'
                           AND s.given = 1 AND s.withdrawn_at IS NULL)
           AND NOT EXISTS (SELECT 1 FROM care_case k WHERE k.registration = r.id
                           AND k.state IN ('booked', 'consulted', 'no_show', 'diverted_115'))",
    ),
    (
        "batch_rows",
        "SELECT 'batch:' || CAST(b.id AS TEXT) AS what FROM batch b
         WHERE b.rows <> (SELECT COUNT(*) FROM batch_row w WHERE w.batch = b.id)",
    ),
    (
        "batch_row_once",
        "SELECT 'registration:' || CAST(registration AS TEXT) AS what FROM batch_row WHERE state <> 'returned'
         GROUP BY registration HAVING COUNT(*) > 1",
    ),
    (
        "hand_over_state",
        "SELECT 'registration:' || CAST(r.id AS TEXT) AS what FROM registration r
         LEFT JOIN (SELECT registration,
                      MAX(CASE WHEN state = 'accepted' THEN 3 WHEN state = 'sent' THEN 2
                               WHEN answered_at IS NULL THEN 1 ELSE 0 END) AS step
                    FROM batch_row GROUP BY registration) w ON w.registration = r.id
         WHERE r.hand_over <> CASE COALESCE(w.step, 0) WHEN 3 THEN 'accepted' WHEN 2 THEN 'sent'
                              WHEN 1 THEN 'returned' ELSE 'waiting' END",
    ),
    (
        "accepted_rows_are_cases",
        "SELECT 'registration:' || CAST(w.registration AS TEXT) AS what FROM batch_row w
         WHERE w.state = 'accepted'
           AND NOT EXISTS (SELECT 1 FROM care_case k WHERE k.registration = w.registration)
         UNION ALL
         SELECT 'case:' || CAST(k.id AS TEXT) FROM care_case k
         WHERE NOT EXISTS (SELECT 1 FROM batch_row w WHERE w.registration = k.registration AND w.state = 'accepted')",
    ),
    (
        "case_customer",
        "SELECT 'case:' || CAST(k.id AS TEXT) AS what FROM care_case k
         JOIN registration r ON r.id = k.registration WHERE k.customer <> r.customer",
    ),
    (
        "cancelled_has_no_case",
        "SELECT 'case:' || CAST(k.id AS TEXT) AS what FROM care_case k JOIN registration r ON r.id = k.registration
         WHERE r.state = 'cancelled' AND k.state NOT IN ('withdrawn', 'diverted_115', 'unreachable')",
    ),
    (
        "seat_case_moves",
        "SELECT 'registration:' || CAST(r.id AS TEXT) AS what FROM registration r
         JOIN care_case k ON k.registration = r.id LEFT JOIN matter m ON m.id = r.customer * 4 + 2
         WHERE r.state = 'registered'
           AND (k.state IN ('withdrawn', 'diverted_115', 'unreachable')
                OR (k.state IN ('new', 'contacted') AND m.state = 'closed'
                    AND m.reason NOT IN ('agreed', 'booked')))
           AND NOT EXISTS (SELECT 1 FROM seat_release s WHERE s.registration = r.id)
           AND NOT EXISTS (SELECT 1 FROM task t WHERE t.kind = 'seat_returned' AND t.about = 'registration'
                           AND t.about_id = r.id AND t.state = 'open')",
    ),
    (
        "booked_has_appointment",
        "SELECT 'case:' || CAST(k.id AS TEXT) AS what FROM care_case k WHERE k.state = 'booked'
           AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.care_case = k.id
                           AND a.state IN ('booked', 'told', 'in_progress'))
         UNION ALL
         SELECT 'appointment:' || CAST(a.id AS TEXT) FROM appointment a JOIN care_case k ON k.id = a.care_case
         WHERE a.state IN ('booked', 'told', 'in_progress') AND k.state <> 'booked'",
    ),
    (
        "one_live_appointment",
        "SELECT 'case:' || CAST(care_case AS TEXT) AS what FROM appointment
         WHERE state IN ('held', 'booked', 'told', 'in_progress') GROUP BY care_case HAVING COUNT(*) > 1",
    ),
    (
        "granules",
        "SELECT 'appointment:' || CAST(a.id AS TEXT) AS what FROM appointment a
         WHERE a.state NOT IN ('cancelled', 'moved')
           AND a.minutes / 5 <> (SELECT COUNT(*) FROM granule g WHERE g.appointment = a.id AND g.doctor = a.doctor
                                 AND g.at >= a.starts_at AND g.at < a.starts_at + a.minutes * 60000)
         UNION ALL
         SELECT 'appointment:' || CAST(g.appointment AS TEXT) FROM granule g
         LEFT JOIN appointment a ON a.id = g.appointment
         WHERE a.id IS NULL OR a.state IN ('cancelled', 'moved') OR g.doctor <> a.doctor
            OR g.at < a.starts_at OR g.at >= a.starts_at + a.minutes * 60000",
    ),
    (
        "no_overlap",
        "SELECT 'appointment:' || CAST(b.id AS TEXT) AS what FROM appointment a
         JOIN appointment b ON b.doctor = a.doctor AND b.id <> a.id
           AND b.starts_at >= a.starts_at AND b.starts_at < a.starts_at + a.minutes * 60000
         WHERE a.state NOT IN ('cancelled', 'moved') AND b.state NOT IN ('cancelled', 'moved')
           AND (b.starts_at > a.starts_at OR b.id > a.id)",
    ),
    (
        "inside_shift",
        "SELECT DISTINCT 'appointment:' || CAST(g.appointment AS TEXT) AS what FROM granule g
         WHERE NOT EXISTS (SELECT 1 FROM shift s WHERE s.doctor = g.doctor
                           AND s.from_at <= g.at AND s.to_at >= g.at + 300000)",
    ),
    (
        "department_of_doctor",
        "SELECT 'appointment:' || CAST(a.id AS TEXT) AS what FROM appointment a
         WHERE a.state NOT IN ('cancelled', 'moved')
           AND NOT EXISTS (SELECT 1 FROM doctor_department d WHERE d.doctor = a.doctor
                           AND d.department = a.department)",
    ),
    (
        "one_lease_per_agent",
        "SELECT 'staff:' || lease_staff AS what FROM matter WHERE state = 'leased'
         GROUP BY lease_staff HAVING COUNT(*) > 1",
    ),
    (
        "matter_identity",
        "SELECT 'matter:' || CAST(id AS TEXT) AS what FROM matter WHERE id <> customer * 4 + purpose
         UNION ALL
         SELECT 'matter:' || CAST(id AS TEXT) FROM matter WHERE state = 'leased' AND lease_until IS NULL
         UNION ALL
         SELECT 'matter:' || CAST(id AS TEXT) FROM matter WHERE state = 'promised' AND callback_at IS NULL",
    ),
    (
        "opt_out_has_no_offer",
        "SELECT 'matter:' || CAST(m.id AS TEXT) AS what FROM opt_out o JOIN customer c ON c.phone = o.phone
         JOIN matter m ON m.id = c.id * 4 + 1 LEFT JOIN list l ON l.id = m.list
         WHERE o.voice_at IS NOT NULL AND m.state <> 'closed' AND (l.id IS NULL OR l.state = 'active')",
    ),
    (
        "sms_once",
        "SELECT 'customer:' || CAST(customer AS TEXT) AS what FROM sms WHERE customer IS NOT NULL
         GROUP BY customer, template, matter HAVING COUNT(*) > 1
         UNION ALL
         SELECT 'customer:' || CAST(customer AS TEXT) FROM sms WHERE template = 'handbook'
         GROUP BY customer HAVING COUNT(*) > 1",
    ),
    (
        "survey_after_consultation",
        "SELECT 'case:' || CAST(s.care_case AS TEXT) AS what FROM survey s JOIN care_case k ON k.id = s.care_case
         WHERE k.state <> 'consulted'",
    ),
    (
        "phone_search_key",
        "SELECT 'customer:' || CAST(id AS TEXT) AS what FROM customer
         WHERE phone % 10 <> phone_reversed / 100000000",
    ),
    (
        "lead_registration",
        "SELECT 'lead:' || CAST(id AS TEXT) AS what FROM lead
         WHERE (state = 'registered') <> (registration IS NOT NULL)",
    ),
    (
        "leavers_leave_nothing",
        "SELECT 'staff:' || s.id AS what FROM staff s WHERE s.active = 0
           AND (EXISTS (SELECT 1 FROM staff_key k WHERE k.staff = s.id AND k.removed_at IS NULL)
                OR EXISTS (SELECT 1 FROM staff_pin p WHERE p.staff = s.id)
                OR EXISTS (SELECT 1 FROM draft d WHERE d.staff = s.id)
                OR EXISTS (SELECT 1 FROM task t WHERE t.owner = s.id AND t.state = 'open'))",
    ),
    (
        "campaign_versions",
        "SELECT 'campaign:1' AS what FROM campaign
         WHERE (SELECT COUNT(*) FROM campaign_version) <> (SELECT COALESCE(MAX(version), -1) FROM campaign_version)",
    ),
];
