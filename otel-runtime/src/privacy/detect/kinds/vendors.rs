//! Keys of many more vendors, which say by their first characters whose they are.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const VENDORS: Detector = Detector {
    name: "vendor",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &[
        "SG.",
        "dop_v1_",
        "doo_v1_",
        "dor_v1_",
        "hf_",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "sq0atp-",
        "sq0csp-",
        ":AA",
        "key-",
        "dapi",
        "NRAK-",
        "NRII-",
        "lin_api_",
        "hvs.",
        "hvb.",
        "AGE-SECRET-KEY-1",
        "dckr_pat_",
        "ATATT3",
        "ATCTT3",
        "glsa_",
        "glc_ey",
        "pscale_",
        "sntrys_",
        "rubygems_",
        "dp.pt.",
        "dp.st.",
        "PMAK-",
        "ntn_",
        "figd_",
        ".atlasv1.",
        "sbp_",
        "r8_",
        "gsk_",
        "xai-",
        "pplx-",
        "tskey-",
        "phx_",
    ],
    signs: Signs::NONE,
    // SendGrid, DigitalOcean, Hugging Face, Shopify, Square, Telegram, Mailgun, Databricks, New Relic, Linear, Vault,
    // age, Docker, Atlassian, Grafana, PlanetScale, Sentry, RubyGems, Doppler, Postman, Notion, Figma,
    // Terraform, Supabase, Replicate, Groq, xAI, Perplexity, Tailscale, PostHog.
    pattern: r"\b(?:SG\.[\w-]{16,32}\.[\w-]{16,64}|do[opr]_v1_[0-9a-f]{64}|hf_[A-Za-z]{34}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|sq0(?:atp-[\w-]{22}|csp-[\w-]{43})|[0-9]{8,10}:AA[\w-]{33}|key-[0-9a-f]{32}|dapi[0-9a-f]{32}|NRAK-[A-Z0-9]{27}|NRII-[\w-]{32}|lin_api_[0-9A-Za-z]{40}|hv[sb]\.[\w-]{24,}|AGE-SECRET-KEY-1[0-9A-Z]{58}|dckr_pat_[\w-]{27,}|AT[AC]TT3[\w=-]{40,}|glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}|glc_eyJ[\w+/=]{32,}|pscale_(?:tkn|oauth|pw)_[\w.-]{32,}|sntrys_eyJ[\w+/=]{32,}|rubygems_[0-9a-f]{48}|dp\.[ps]t\.[0-9A-Za-z.]{40,}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|ntn_[0-9A-Za-z]{40,}|figd_[\w-]{40}|[0-9A-Za-z]{14}\.atlasv1\.[\w=-]{60,}|sbp_[0-9a-f]{40}|r8_[0-9A-Za-z]{37}|gsk_[0-9A-Za-z]{52}|xai-[0-9A-Za-z]{70,}|pplx-[0-9A-Za-z]{48}|tskey-[a-z]+-[\w-]{16,}|phx_[0-9A-Za-z]{40,})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::VENDORS;

    #[test]
    fn a_key_is_found_and_a_shorter_one_left() {
        finds(
            &VENDORS,
            &[
                "«SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq»",
                "bot«123456789:AAabcdefghijklmnopqrstuvwxyz1234567»"
                    .replace("bot«", "bot/«")
                    .as_str(),
                "token «hvs.abcdefghijklmnopqrstuvwx».",
                "«dapi0123456789abcdef0123456789abcdef»",
            ],
        );
        leaves(&VENDORS, &["SG.abc.def", "key-0123", "dapi0123", "hf_hub", "monkey-wrench"]);
    }
}
