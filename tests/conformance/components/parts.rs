//! Many components that differ only in their names.

use kfp_sdk::prelude::*;

macro_rules! parts {
    ($($function:ident $component:ident,)*) => {
        $(
            /// Return the number, or fail if it is the bad one.
            #[component]
            fn $function(value: i64, bad: i64) -> Result<i64> {
                part(value, bad)
            }
        )*

        /// Adds a task for each component; the first gets 0, and each other one the next number.
        pub(crate) fn add_parts(p: &Pipeline, bad: In<i64>) -> Vec<Out<i64>> {
            let mut values = 0_i64..;
            vec![$(p.add($component::new().value(values.next().unwrap_or_default()).bad(bad)).output),*]
        }
    };
}

fn part(value: i64, bad: i64) -> Result<i64> {
    if value == bad { Err(Error::data("the number is bad")) } else { Ok(value) }
}

parts! {
    part_000 Part000, part_001 Part001, part_002 Part002, part_003 Part003, part_004 Part004, part_005 Part005, part_006 Part006,
    part_007 Part007, part_008 Part008, part_009 Part009, part_010 Part010, part_011 Part011, part_012 Part012, part_013 Part013,
    part_014 Part014, part_015 Part015, part_016 Part016, part_017 Part017, part_018 Part018, part_019 Part019, part_020 Part020,
    part_021 Part021, part_022 Part022, part_023 Part023, part_024 Part024, part_025 Part025, part_026 Part026, part_027 Part027,
    part_028 Part028, part_029 Part029, part_030 Part030, part_031 Part031, part_032 Part032, part_033 Part033, part_034 Part034,
    part_035 Part035, part_036 Part036, part_037 Part037, part_038 Part038, part_039 Part039, part_040 Part040, part_041 Part041,
    part_042 Part042, part_043 Part043, part_044 Part044, part_045 Part045, part_046 Part046, part_047 Part047, part_048 Part048,
    part_049 Part049, part_050 Part050, part_051 Part051, part_052 Part052, part_053 Part053, part_054 Part054, part_055 Part055,
    part_056 Part056, part_057 Part057, part_058 Part058, part_059 Part059, part_060 Part060, part_061 Part061, part_062 Part062,
    part_063 Part063, part_064 Part064, part_065 Part065, part_066 Part066, part_067 Part067, part_068 Part068, part_069 Part069,
    part_070 Part070, part_071 Part071, part_072 Part072, part_073 Part073, part_074 Part074, part_075 Part075, part_076 Part076,
    part_077 Part077, part_078 Part078, part_079 Part079, part_080 Part080, part_081 Part081, part_082 Part082, part_083 Part083,
    part_084 Part084, part_085 Part085, part_086 Part086, part_087 Part087, part_088 Part088, part_089 Part089, part_090 Part090,
    part_091 Part091, part_092 Part092, part_093 Part093, part_094 Part094, part_095 Part095, part_096 Part096, part_097 Part097,
    part_098 Part098, part_099 Part099, part_100 Part100, part_101 Part101, part_102 Part102, part_103 Part103, part_104 Part104,
    part_105 Part105, part_106 Part106, part_107 Part107, part_108 Part108, part_109 Part109, part_110 Part110, part_111 Part111,
    part_112 Part112, part_113 Part113, part_114 Part114, part_115 Part115, part_116 Part116, part_117 Part117, part_118 Part118,
    part_119 Part119, part_120 Part120, part_121 Part121, part_122 Part122, part_123 Part123, part_124 Part124, part_125 Part125,
    part_126 Part126, part_127 Part127, part_128 Part128, part_129 Part129, part_130 Part130, part_131 Part131, part_132 Part132,
    part_133 Part133, part_134 Part134, part_135 Part135, part_136 Part136, part_137 Part137, part_138 Part138, part_139 Part139,
    part_140 Part140, part_141 Part141, part_142 Part142, part_143 Part143, part_144 Part144, part_145 Part145, part_146 Part146,
    part_147 Part147, part_148 Part148, part_149 Part149, part_150 Part150, part_151 Part151, part_152 Part152, part_153 Part153,
    part_154 Part154, part_155 Part155, part_156 Part156, part_157 Part157, part_158 Part158, part_159 Part159, part_160 Part160,
    part_161 Part161, part_162 Part162, part_163 Part163, part_164 Part164, part_165 Part165, part_166 Part166, part_167 Part167,
    part_168 Part168, part_169 Part169, part_170 Part170, part_171 Part171, part_172 Part172, part_173 Part173, part_174 Part174,
    part_175 Part175, part_176 Part176, part_177 Part177, part_178 Part178, part_179 Part179, part_180 Part180, part_181 Part181,
    part_182 Part182, part_183 Part183, part_184 Part184, part_185 Part185, part_186 Part186, part_187 Part187, part_188 Part188,
    part_189 Part189, part_190 Part190, part_191 Part191, part_192 Part192, part_193 Part193, part_194 Part194, part_195 Part195,
    part_196 Part196, part_197 Part197, part_198 Part198, part_199 Part199, part_200 Part200, part_201 Part201, part_202 Part202,
    part_203 Part203, part_204 Part204, part_205 Part205, part_206 Part206, part_207 Part207, part_208 Part208, part_209 Part209,
    part_210 Part210, part_211 Part211, part_212 Part212, part_213 Part213, part_214 Part214, part_215 Part215, part_216 Part216,
    part_217 Part217, part_218 Part218, part_219 Part219, part_220 Part220, part_221 Part221, part_222 Part222, part_223 Part223,
    part_224 Part224, part_225 Part225, part_226 Part226, part_227 Part227, part_228 Part228, part_229 Part229, part_230 Part230,
    part_231 Part231, part_232 Part232, part_233 Part233, part_234 Part234, part_235 Part235, part_236 Part236, part_237 Part237,
    part_238 Part238, part_239 Part239, part_240 Part240, part_241 Part241, part_242 Part242, part_243 Part243, part_244 Part244,
}

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
fn python_part_a(value: i64) -> i64;

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
fn python_part_b(value: i64) -> i64;

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
fn python_part_c(value: i64) -> i64;

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
fn python_part_d(value: i64) -> i64;

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
fn python_part_e(value: i64) -> i64;

/// Adds five more, in Python, with cached results and retries.
pub(crate) fn add_python_parts(p: &Pipeline) -> Vec<Out<i64>> {
    let retry = || Retry::times(1);
    vec![
        p.add(PythonPartA::new().value(1_000)).cache("1h").retry(retry()).output,
        p.add(PythonPartB::new().value(2_000)).cache("1h").retry(retry()).output,
        p.add(PythonPartC::new().value(3_000)).cache("1h").retry(retry()).output,
        p.add(PythonPartD::new().value(4_000)).cache("1h").retry(retry()).output,
        p.add(PythonPartE::new().value(5_000)).cache("1h").retry(retry()).output,
    ]
}
