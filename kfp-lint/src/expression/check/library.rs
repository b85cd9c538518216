//! The functions of `sprig` and the methods of times, with their Go types.
//!
//! `env` and `expandenv` are missing, because Argo removes them.

use super::signature::Signature;

/// The functions that Argo adds.
pub(super) const FUNCTIONS: [&str; 5] = ["asFloat", "asInt", "jsonpath", "sprig", "toJson"];

/// Sorted by name.
#[rustfmt::skip]
const SPRIG: &[(&str, &str, char)] = &[
    ("abbrev", "is", 's'), ("abbrevboth", "iis", 's'), ("add", "a*", 'l'), ("add1", "a", 'l'),
    ("add1f", "a", 'f'), ("addf", "a*", 'f'), ("adler32sum", "s", 's'), ("ago", "a", 's'),
    ("all", "a*", 'b'), ("any", "a*", 'b'), ("append", "aa", 'A'), ("atoi", "s", 'i'), ("b32dec", "s", 's'),
    ("b32enc", "s", 's'), ("b64dec", "s", 's'), ("b64enc", "s", 's'), ("base", "s", 's'),
    ("bcrypt", "s", 's'), ("biggest", "aa*", 'l'), ("buildCustomCert", "ss", 'o'), ("camelcase", "s", 's'),
    ("cat", "a*", 's'), ("ceil", "a", 'f'), ("chunk", "ia", 'o'), ("clean", "s", 's'),
    ("coalesce", "a*", 'a'), ("compact", "a", 'A'), ("concat", "a*", 'a'), ("contains", "ss", 'b'),
    ("date", "sa", 's'), ("dateInZone", "sas", 's'), ("dateModify", "sT", 'T'),
    ("date_in_zone", "sas", 's'), ("date_modify", "sT", 'T'), ("decryptAES", "ss", 's'),
    ("deepCopy", "a", 'a'), ("deepEqual", "aa", 'b'), ("default", "aa*", 'a'),
    ("derivePassword", "ossss", 's'), ("dict", "a*", 'M'), ("dig", "a*", 'a'), ("dir", "s", 's'),
    ("div", "aa", 'l'), ("divf", "aa*", 'f'), ("duration", "a", 's'), ("durationRound", "a", 's'),
    ("empty", "a", 'b'), ("encryptAES", "ss", 's'), ("ext", "s", 's'), ("fail", "s", 's'),
    ("first", "a", 'a'), ("float64", "a", 'f'), ("floor", "a", 'f'), ("fromJson", "s", 'a'),
    ("genCA", "si", 'o'), ("genCAWithKey", "sis", 'o'), ("genPrivateKey", "s", 's'),
    ("genSelfSignedCert", "sAAi", 'o'), ("genSelfSignedCertWithKey", "sAAis", 'o'),
    ("genSignedCert", "sAAio", 'o'), ("genSignedCertWithKey", "sAAios", 'o'), ("get", "Ms", 'a'),
    ("getHostByName", "s", 's'), ("has", "aa", 'b'), ("hasKey", "Ms", 'b'), ("hasPrefix", "ss", 'b'),
    ("hasSuffix", "ss", 'b'), ("hello", "", 's'), ("htmlDate", "a", 's'), ("htmlDateInZone", "as", 's'),
    ("htpasswd", "ss", 's'), ("indent", "is", 's'), ("initial", "a", 'A'), ("initials", "s", 's'),
    ("int", "a", 'i'), ("int64", "a", 'l'), ("isAbs", "s", 'b'), ("join", "sa", 's'),
    ("kebabcase", "s", 's'), ("keys", "M*", 'S'), ("kindIs", "sa", 'b'), ("kindOf", "a", 's'),
    ("last", "a", 'a'), ("list", "a*", 'A'), ("lower", "s", 's'), ("max", "aa*", 'l'), ("maxf", "aa*", 'f'),
    ("merge", "MM*", 'a'), ("mergeOverwrite", "MM*", 'a'), ("min", "aa*", 'l'), ("minf", "aa*", 'f'),
    ("mod", "aa", 'l'), ("mul", "aa*", 'l'), ("mulf", "aa*", 'f'), ("mustAppend", "aa", 'A'),
    ("mustChunk", "ia", 'o'), ("mustCompact", "a", 'A'), ("mustDateModify", "sT", 'T'),
    ("mustDeepCopy", "a", 'a'), ("mustFirst", "a", 'a'), ("mustFromJson", "s", 'a'), ("mustHas", "aa", 'b'),
    ("mustInitial", "a", 'A'), ("mustLast", "a", 'a'), ("mustMerge", "MM*", 'a'),
    ("mustMergeOverwrite", "MM*", 'a'), ("mustPrepend", "aa", 'A'), ("mustPush", "aa", 'A'),
    ("mustRegexFind", "ss", 's'), ("mustRegexFindAll", "ssi", 'S'), ("mustRegexMatch", "ss", 'b'),
    ("mustRegexReplaceAll", "sss", 's'), ("mustRegexReplaceAllLiteral", "sss", 's'),
    ("mustRegexSplit", "ssi", 'S'), ("mustRest", "a", 'A'), ("mustReverse", "a", 'A'),
    ("mustSlice", "aa*", 'a'), ("mustToDate", "ss", 'T'), ("mustToJson", "a", 's'),
    ("mustToPrettyJson", "a", 's'), ("mustToRawJson", "a", 's'), ("mustUniq", "a", 'A'),
    ("mustWithout", "aa*", 'A'), ("must_date_modify", "sT", 'T'), ("nindent", "is", 's'),
    ("nospace", "s", 's'), ("now", "", 'T'), ("omit", "Ms*", 'M'), ("osBase", "s", 's'),
    ("osClean", "s", 's'), ("osDir", "s", 's'), ("osExt", "s", 's'), ("osIsAbs", "s", 'b'),
    ("pick", "Ms*", 'M'), ("pluck", "sM*", 'A'), ("plural", "ssi", 's'), ("prepend", "aa", 'A'),
    ("push", "aa", 'A'), ("quote", "a*", 's'), ("randAlpha", "i", 's'), ("randAlphaNum", "i", 's'),
    ("randAscii", "i", 's'), ("randBytes", "i", 's'), ("randInt", "ii", 'i'), ("randNumeric", "i", 's'),
    ("regexFind", "ss", 's'), ("regexFindAll", "ssi", 'S'), ("regexMatch", "ss", 'b'),
    ("regexQuoteMeta", "s", 's'), ("regexReplaceAll", "sss", 's'), ("regexReplaceAllLiteral", "sss", 's'),
    ("regexSplit", "ssi", 'S'), ("repeat", "is", 's'), ("replace", "sss", 's'), ("rest", "a", 'A'),
    ("reverse", "a", 'A'), ("round", "aif*", 'f'), ("semver", "s", 'o'), ("semverCompare", "ss", 'b'),
    ("seq", "i*", 's'), ("set", "Msa", 'M'), ("sha1sum", "s", 's'), ("sha256sum", "s", 's'),
    ("sha512sum", "s", 's'), ("shuffle", "s", 's'), ("slice", "aa*", 'a'), ("snakecase", "s", 's'),
    ("sortAlpha", "a", 'S'), ("split", "ss", 'o'), ("splitList", "ss", 'S'), ("splitn", "sis", 'o'),
    ("squote", "a*", 's'), ("sub", "aa", 'l'), ("subf", "aa*", 'f'), ("substr", "iis", 's'),
    ("swapcase", "s", 's'), ("ternary", "aab", 'a'), ("title", "s", 's'), ("toDate", "ss", 'T'),
    ("toDecimal", "a", 'l'), ("toJson", "a", 's'), ("toPrettyJson", "a", 's'), ("toRawJson", "a", 's'),
    ("toString", "a", 's'), ("toStrings", "a", 'S'), ("trim", "s", 's'), ("trimAll", "ss", 's'),
    ("trimPrefix", "ss", 's'), ("trimSuffix", "ss", 's'), ("trimall", "ss", 's'), ("trunc", "is", 's'),
    ("tuple", "a*", 'A'), ("typeIs", "sa", 'b'), ("typeIsLike", "sa", 'b'), ("typeOf", "a", 's'),
    ("uniq", "a", 'A'), ("unixEpoch", "T", 's'), ("unset", "Ms", 'M'), ("until", "i", 'o'),
    ("untilStep", "iii", 'o'), ("untitle", "s", 's'), ("upper", "s", 's'), ("urlJoin", "M", 's'),
    ("urlParse", "s", 'M'), ("uuidv4", "", 's'), ("values", "M", 'A'), ("without", "aa*", 'A'),
    ("wrap", "is", 's'), ("wrapWith", "iss", 's'),
];

/// Methods by the letter of their type and their name.
#[rustfmt::skip]
const METHODS: &[(char, &str, &str, char)] = &[
    ('T', "Add", "D", 'T'), ('T', "AddDate", "iii", 'T'), ('T', "After", "T", 'b'),
    ('T', "AppendBinary", "B", 'B'), ('T', "AppendFormat", "Bs", 'B'), ('T', "AppendText", "B", 'B'),
    ('T', "Before", "T", 'b'), ('T', "Compare", "T", 'i'), ('T', "Day", "", 'i'), ('T', "Equal", "T", 'b'),
    ('T', "Format", "s", 's'), ('T', "GoString", "", 's'), ('T', "GobEncode", "", 'B'),
    ('T', "Hour", "", 'i'), ('T', "ISOWeek", "", 'i'), ('T', "In", "Z", 'T'), ('T', "IsDST", "", 'b'),
    ('T', "IsZero", "", 'b'), ('T', "Local", "", 'T'), ('T', "Location", "", 'Z'),
    ('T', "MarshalBinary", "", 'B'), ('T', "MarshalJSON", "", 'B'), ('T', "MarshalText", "", 'B'),
    ('T', "Minute", "", 'i'), ('T', "Month", "", 'o'), ('T', "Nanosecond", "", 'i'),
    ('T', "Round", "D", 'T'), ('T', "Second", "", 'i'), ('T', "String", "", 's'), ('T', "Sub", "T", 'D'),
    ('T', "Truncate", "D", 'T'), ('T', "UTC", "", 'T'), ('T', "Unix", "", 'l'), ('T', "UnixMicro", "", 'l'),
    ('T', "UnixMilli", "", 'l'), ('T', "UnixNano", "", 'l'), ('T', "Weekday", "", 'o'),
    ('T', "Year", "", 'i'), ('T', "YearDay", "", 'i'), ('T', "Zone", "", 's'), ('T', "ZoneBounds", "", 'T'),
    ('D', "Abs", "", 'D'), ('D', "Hours", "", 'f'), ('D', "Microseconds", "", 'l'),
    ('D', "Milliseconds", "", 'l'), ('D', "Minutes", "", 'f'), ('D', "Nanoseconds", "", 'l'),
    ('D', "Round", "D", 'D'), ('D', "Seconds", "", 'f'), ('D', "String", "", 's'),
    ('D', "Truncate", "D", 'D'), ('Z', "String", "", 's'),
];

/// Returns the signature of `sprig.NAME`.
pub(super) fn sprig(name: &str) -> Option<Signature> {
    let idx = SPRIG.binary_search_by_key(&name, |row| row.0).ok()?;
    let (_, parameters, result) = SPRIG[idx];
    Some(Signature { parameters, result })
}

/// Returns the names of all `sprig` functions.
pub(super) fn sprig_names() -> impl Iterator<Item = &'static str> {
    SPRIG.iter().map(|row| row.0)
}

/// Returns the signature of a method of times (`T`), durations (`D`) or time zones (`Z`).
pub(super) fn method(of: char, name: &str) -> Option<Signature> {
    let row = METHODS.iter().find(|row| row.0 == of && row.1 == name)?;
    Some(Signature { parameters: row.2, result: row.3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found() {
        assert!(SPRIG.is_sorted_by_key(|row| row.0));
        assert_eq!(sprig("trunc"), Some(Signature { parameters: "is", result: 's' }));
        assert_eq!(sprig("env"), None);
        assert!(method('T', "Format").is_some() && method('D', "Format").is_none());
    }
}
