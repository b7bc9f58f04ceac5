//! What is said: sentences in several languages and scripts, nicknames, and places, as agents and robots send them.
//!
//! The scripts matter to the byte: two-, three- and four-byte UTF-8, right-to-left text, combining characters,
//! emoji joined from several code points, and characters that JSON has to escape.

/// The sentences of one language, spoken by a robot and by an agent.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) robot: &'static [&'static str],
    pub(crate) agent: &'static [&'static str],
}

pub(crate) const LANGUAGES: [Language; 6] = [
    Language {
        robot: &[
            "Hello, I am your virtual assistant. How can I help you?",
            "You can pay your bill in the app under \"My account\" > \"Bills\".",
            "Sorry, I did not understand that. Please choose:\n1. Balance\n2. Roaming\n3. Talk to an agent",
        ],
        agent: &[
            "Good morning, my name is Amy, thank you for waiting.",
            "I see the order here; it left our warehouse yesterday evening.",
            "Could you please send me a photo of the label on the back of the router?",
            "Is there anything else I can do for you?",
        ],
    },
    Language {
        robot: &[
            "您好，我是智能客服小爱，请问有什么可以帮您？",
            "您可以在“我的账户”中查询话费余额和套餐使用情况。",
        ],
        agent: &[
            "您好，我是客服代表张敏，很高兴为您服务。",
            "请您稍等，我正在为您查询订单的物流信息。",
            "已经为您办理成功，预计二十四小时内生效，请留意短信通知。😀",
        ],
    },
    Language {
        robot: &[
            "مرحبًا، أنا المساعد الافتراضي. كيف يمكنني مساعدتك؟",
            "يمكنك معرفة رصيدك من خلال التطبيق في أي وقت.",
        ],
        agent: &[
            "شكرًا لانتظارك، معك سارة من خدمة العملاء.",
            "لقد تم تفعيل الباقة، وستصلك رسالة تأكيد خلال دقائق.",
        ],
    },
    Language {
        robot: &["สวัสดีค่ะ ยินดีให้บริการค่ะ ต้องการสอบถามเรื่องใดคะ"],
        agent: &["ขอบคุณที่รอสายค่ะ ดิฉันกำลังตรวจสอบข้อมูลให้ค่ะ", "ดำเนินการเรียบร้อยแล้วค่ะ 🙏"],
    },
    Language {
        robot: &["¡Hola! Soy tu asistente virtual. ¿En qué puedo ayudarte?"],
        agent: &[
            "Buenos días, le atiende José Núñez, del área de facturación.",
            "Su reclamación nº 7 quedó registrada.",
        ],
    },
    Language {
        robot: &["👋🤖 Hi! Tap a topic: 📦 delivery, 💳 payment, 👩🏽\u{200d}💻 agent"],
        agent: &["👍🏽 all done 🎉", "Great, thanks 🙏❤️ bye 👨‍👩‍👧‍👦"],
    },
];

pub(crate) const NICKNAMES: [&str; 6] = ["Amy", "张敏", "سارة", "José Núñez", "Agent 1005", "สมชาย"];

pub(crate) const SIMILAR_QUESTIONS: [&str; 3] =
    ["How do I pay my bill?;Where can I see my bill?", "如何查询余额？", "Which tariff suits me?"];

/// Locations as `latitude/longitude/description`; a description may hold slashes itself.
pub(crate) const LOCATIONS: [&str; 4] = [
    "22.543096/114.057865/Futian District, Shenzhen",
    "-33.868820/151.209290/Sydney, 1/25 Bridge Street",
    "24.713552/46.675296/الرياض",
    "39.904200/116.407396/北京市东城区",
];
