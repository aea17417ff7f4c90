namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Every setting of the published classes, with the value it has where a file says nothing, as Python writes it.</summary>
internal static class PublishedDefaults
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["CogVideoXDDIMScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "trained_betas": null, "clip_sample": true, "set_alpha_to_one": true, "steps_offset": 0,
            "prediction_type": "epsilon", "clip_sample_range": 1.0, "sample_max_value": 1.0, "timestep_spacing": "leading", "rescale_betas_zero_snr": false, "snr_shift_scale": 3.0}
            """,
        ["DDIMScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "clip_sample": true, "set_alpha_to_one": true,
            "steps_offset": 0, "prediction_type": "epsilon", "thresholding": false, "dynamic_thresholding_ratio": 0.995, "clip_sample_range": 1.0, "sample_max_value": 1.0,
            "timestep_spacing": "leading", "rescale_betas_zero_snr": false}
            """,
        ["DDPMScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "variance_type": "fixed_small", "clip_sample":
            true, "prediction_type": "epsilon", "thresholding": false, "dynamic_thresholding_ratio": 0.995, "clip_sample_range": 1.0, "sample_max_value": 1.0, "timestep_spacing":
            "leading", "steps_offset": 0, "rescale_betas_zero_snr": false}
            """,
        ["DEISMultistepScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "solver_order": 2, "prediction_type": "epsilon",
            "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "algorithm_type": "deis", "solver_type": "logrho", "lower_order_final": true,
            "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "use_flow_sigmas": false, "flow_shift": 1.0, "timestep_spacing": "linspace",
            "steps_offset": 0, "use_dynamic_shifting": false, "time_shift_type": "exponential"}
            """,
        ["DPMSolverMultistepScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "solver_order": 2, "prediction_type": "epsilon",
            "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "algorithm_type": "dpmsolver++", "solver_type": "midpoint", "lower_order_final":
            true, "euler_at_final": false, "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "use_lu_lambdas": false, "use_flow_sigmas": false,
            "flow_shift": 1.0, "final_sigmas_type": "zero", "lambda_min_clipped": -Infinity, "variance_type": null, "timestep_spacing": "linspace", "steps_offset": 0,
            "rescale_betas_zero_snr": false, "use_dynamic_shifting": false, "time_shift_type": "exponential"}
            """,
        ["DPMSolverSinglestepScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "solver_order": 2, "prediction_type": "epsilon",
            "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "algorithm_type": "dpmsolver++", "solver_type": "midpoint", "lower_order_final":
            false, "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "use_flow_sigmas": false, "flow_shift": 1.0, "final_sigmas_type": "zero",
            "lambda_min_clipped": -Infinity, "variance_type": null, "use_dynamic_shifting": false, "time_shift_type": "exponential"}
            """,
        ["EDMDPMSolverMultistepScheduler"] =
            """
            {"sigma_min": 0.002, "sigma_max": 80.0, "sigma_data": 0.5, "sigma_schedule": "karras", "num_train_timesteps": 1000, "prediction_type": "epsilon", "rho": 7.0, "solver_order": 2,
            "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "algorithm_type": "dpmsolver++", "solver_type": "midpoint", "lower_order_final": true,
            "euler_at_final": false, "final_sigmas_type": "zero"}
            """,
        ["EDMEulerScheduler"] =
            """
            {"sigma_min": 0.002, "sigma_max": 80.0, "sigma_data": 0.5, "sigma_schedule": "karras", "num_train_timesteps": 1000, "prediction_type": "epsilon", "rho": 7.0,
            "final_sigmas_type": "zero"}
            """,
        ["EulerAncestralDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "prediction_type": "epsilon", "timestep_spacing":
            "linspace", "steps_offset": 0, "rescale_betas_zero_snr": false}
            """,
        ["EulerDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "prediction_type": "epsilon",
            "interpolation_type": "linear", "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "sigma_min": null, "sigma_max": null,
            "timestep_spacing": "linspace", "timestep_type": "discrete", "steps_offset": 0, "rescale_betas_zero_snr": false, "final_sigmas_type": "zero"}
            """,
        ["FlowMatchEulerDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "shift": 1.0, "use_dynamic_shifting": false, "base_shift": 0.5, "max_shift": 1.15, "base_image_seq_len": 256, "max_image_seq_len": 4096,
            "invert_sigmas": false, "shift_terminal": null, "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "time_shift_type": "exponential",
            "stochastic_sampling": false}
            """,
        ["FlowMatchHeunDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "shift": 1.0}
            """,
        ["HeunDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "linear", "trained_betas": null, "prediction_type": "epsilon",
            "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "clip_sample": false, "clip_sample_range": 1.0, "timestep_spacing": "linspace",
            "steps_offset": 0}
            """,
        ["IPNDMScheduler"] =
            """
            {"num_train_timesteps": 1000, "trained_betas": null}
            """,
        ["KDPM2AncestralDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "linear", "trained_betas": null, "use_karras_sigmas": false,
            "use_exponential_sigmas": false, "use_beta_sigmas": false, "prediction_type": "epsilon", "timestep_spacing": "linspace", "steps_offset": 0}
            """,
        ["KDPM2DiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "linear", "trained_betas": null, "use_karras_sigmas": false,
            "use_exponential_sigmas": false, "use_beta_sigmas": false, "prediction_type": "epsilon", "timestep_spacing": "linspace", "steps_offset": 0}
            """,
        ["LCMScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "trained_betas": null, "original_inference_steps": 50,
            "clip_sample": false, "clip_sample_range": 1.0, "set_alpha_to_one": true, "steps_offset": 0, "prediction_type": "epsilon", "thresholding": false,
            "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "timestep_spacing": "leading", "timestep_scaling": 10.0, "rescale_betas_zero_snr": false}
            """,
        ["LMSDiscreteScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "use_karras_sigmas": false,
            "use_exponential_sigmas": false, "use_beta_sigmas": false, "prediction_type": "epsilon", "timestep_spacing": "linspace", "steps_offset": 0}
            """,
        ["PNDMScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "skip_prk_steps": false, "set_alpha_to_one":
            false, "prediction_type": "epsilon", "timestep_spacing": "leading", "steps_offset": 0}
            """,
        ["UniPCMultistepScheduler"] =
            """
            {"num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "trained_betas": null, "solver_order": 2, "prediction_type": "epsilon",
            "thresholding": false, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0, "predict_x0": true, "solver_type": "bh2", "lower_order_final": true,
            "disable_corrector": [], "solver_p": null, "use_karras_sigmas": false, "use_exponential_sigmas": false, "use_beta_sigmas": false, "use_flow_sigmas": false, "flow_shift":
            1.0, "timestep_spacing": "linspace", "steps_offset": 0, "final_sigmas_type": "zero", "rescale_betas_zero_snr": false, "use_dynamic_shifting": false, "time_shift_type":
            "exponential", "sigma_min": null, "sigma_max": null, "shift_terminal": null}
            """,
    };
}
