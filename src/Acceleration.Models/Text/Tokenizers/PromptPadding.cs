namespace Acceleration.Models;

/// <summary>How far prompts are filled up with padding.</summary>
public enum PromptPadding
{
    /// <summary>Not at all: prompts encoded together must have equally many tokens.</summary>
    None,

    /// <summary>To the longest of those encoded together.</summary>
    Longest,

    /// <summary>To the greatest length allowed, as diffusion pipelines do.</summary>
    Full,
}
