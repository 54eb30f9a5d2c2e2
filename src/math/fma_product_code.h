/*
 * fma_mul and fma_sqr of fma_product.h as instructions; written by scripts/schedule-fma.c.
 * Operands are pointers: o, a and b (which o may equal) to the limbs of a product and its
 * factors, k to the vectors of fma_constants.h, slots to room for as many vectors.
 */
/* clang-format off */
#ifndef MATH_FMA_PRODUCT_CODE_H
#define MATH_FMA_PRODUCT_CODE_H

/* 514 operations in 758 instructions. */
enum { FMA_MUL_SLOTS = 21 };
#define FMA_MUL_CODE \
    "vmovapd 480(%[k]), %%ymm0\n\t" \
    "vmovapd 0(%[a]), %%ymm1\n\t" \
    "vmovapd 32(%[b]), %%ymm2\n\t" \
    "vmovapd %%ymm1, %%ymm3\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm0, %%ymm4\n\t" \
    "vmovapd 160(%[a]), %%ymm5\n\t" \
    "vmovapd 224(%[b]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm5, %%ymm0, %%ymm6\n\t" \
    "vmovapd 192(%[b]), %%ymm7\n\t" \
    "vmovapd 192(%[a]), %%ymm8\n\t" \
    "vmovapd %%ymm8, %%ymm9\n\t" \
    "vfmadd132pd %%ymm7, %%ymm6, %%ymm9\n\t" \
    "vfmadd231pd %%ymm2, %%ymm1, %%ymm4\n\t" \
    "vmovapd %%ymm5, %%ymm10\n\t" \
    "vfmadd132pd %%ymm7, %%ymm0, %%ymm10\n\t" \
    "vmovapd 160(%[b]), %%ymm11\n\t" \
    "vmovapd %%ymm8, %%ymm12\n\t" \
    "vfmadd132pd %%ymm11, %%ymm10, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm10, %%ymm13\n\t" \
    "vfmadd231pd %%ymm11, %%ymm8, %%ymm13\n\t" \
    "vmovapd 32(%[a]), %%ymm14\n\t" \
    "vmovapd 0(%[b]), %%ymm15\n\t" \
    "vmovapd %%ymm14, %%ymm2\n\t" \
    "vfmadd132pd %%ymm15, %%ymm3, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm3, %%ymm3\n\t" \
    "vfmadd231pd %%ymm15, %%ymm14, %%ymm3\n\t" \
    "vaddpd %%ymm3, %%ymm4, %%ymm4\n\t" \
    "vsubpd %%ymm10, %%ymm0, %%ymm10\n\t" \
    "vfmadd231pd %%ymm7, %%ymm5, %%ymm10\n\t" \
    "vaddpd %%ymm13, %%ymm10, %%ymm10\n\t" \
    "vsubpd %%ymm9, %%ymm6, %%ymm3\n\t" \
    "vfmadd231pd %%ymm7, %%ymm8, %%ymm3\n\t" \
    "vmovapd 288(%[a]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm11, %%ymm0, %%ymm13\n\t" \
    "vmovapd 224(%[a]), %%ymm7\n\t" \
    "vfmadd132pd %%ymm11, %%ymm9, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm9, %%ymm9\n\t" \
    "vsubpd %%ymm6, %%ymm0, %%ymm6\n\t" \
    "vsubpd %%ymm13, %%ymm0, %%ymm8\n\t" \
    "vfmadd231pd 288(%[a]), %%ymm11, %%ymm8\n\t" \
    "vmovapd %%ymm8, 0(%[slots])\n\t" \
    "vmovapd %%ymm5, %%ymm8\n\t" \
    "vfmadd132pd %%ymm11, %%ymm0, %%ymm8\n\t" \
    "vfmadd231pd 224(%[a]), %%ymm11, %%ymm9\n\t" \
    "vmovapd %%ymm13, 32(%[slots])\n\t" \
    "vsubpd %%ymm8, %%ymm0, %%ymm13\n\t" \
    "vfmadd231pd 224(%[b]), %%ymm5, %%ymm6\n\t" \
    "vaddpd %%ymm3, %%ymm6, %%ymm6\n\t" \
    "vaddpd %%ymm9, %%ymm6, %%ymm6\n\t" \
    "vmovapd 352(%[k]), %%ymm3\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm3, %%ymm8\n\t" \
    "vfmadd231pd %%ymm11, %%ymm5, %%ymm13\n\t" \
    "vaddpd %%ymm8, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm1, %%ymm8\n\t" \
    "vfmadd132pd %%ymm15, %%ymm0, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm0, %%ymm9\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm3, %%ymm8\n\t" \
    "vmovapd 64(%[b]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm1, %%ymm0, %%ymm5\n\t" \
    "vaddpd %%ymm8, %%ymm4, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm2, %%ymm8\n\t" \
    "vsubpd %%ymm2, %%ymm8, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm4, %%ymm4\n\t" \
    "vfmadd231pd %%ymm15, %%ymm1, %%ymm9\n\t" \
    "vaddpd %%ymm10, %%ymm12, %%ymm2\n\t" \
    "vsubpd %%ymm12, %%ymm2, %%ymm12\n\t" \
    "vmovapd 32(%[b]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm14, %%ymm5, %%ymm11\n\t" \
    "vsubpd %%ymm12, %%ymm10, %%ymm10\n\t" \
    "vsubpd %%ymm5, %%ymm0, %%ymm12\n\t" \
    "vfmadd231pd 64(%[b]), %%ymm1, %%ymm12\n\t" \
    "vsubpd %%ymm11, %%ymm5, %%ymm5\n\t" \
    "vfmadd231pd 32(%[b]), %%ymm14, %%ymm5\n\t" \
    "vaddpd %%ymm5, %%ymm12, %%ymm12\n\t" \
    "vmovapd 32(%[k]), %%ymm5\n\t" \
    "vmovapd %%ymm13, %%ymm14\n\t" \
    "vfmadd132pd %%ymm5, %%ymm7, %%ymm14\n\t" \
    "vsubpd %%ymm14, %%ymm7, %%ymm7\n\t" \
    "vfmadd231pd %%ymm5, %%ymm13, %%ymm7\n\t" \
    "vmovapd 224(%[a]), %%ymm1\n\t" \
    "vfmadd132pd 288(%[b]), %%ymm0, %%ymm1\n\t" \
    "vaddpd %%ymm7, %%ymm6, %%ymm6\n\t" \
    "vmovapd 64(%[a]), %%ymm7\n\t" \
    "vmovapd %%ymm1, 64(%[slots])\n\t" \
    "vmovapd %%ymm7, %%ymm1\n\t" \
    "vfmadd132pd %%ymm15, %%ymm11, %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm15, %%ymm7, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm12, %%ymm12\n\t" \
    "vmovapd 128(%[b]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm7, %%ymm0, %%ymm11\n\t" \
    "vmovapd %%ymm11, 96(%[slots])\n\t" \
    "vmovapd %%ymm9, %%ymm11\n\t" \
    "vfmadd132pd %%ymm5, %%ymm1, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd %%ymm5, %%ymm9, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm12, %%ymm12\n\t" \
    "vmovapd 0(%[k]), %%ymm1\n\t" \
    "vmovapd %%ymm9, %%ymm7\n\t" \
    "vfmadd132pd %%ymm1, %%ymm8, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm1, %%ymm9, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm4, %%ymm4\n\t" \
    "vmovapd %%ymm4, %%ymm8\n\t" \
    "vfmadd132pd %%ymm1, %%ymm11, %%ymm8\n\t" \
    "vmovapd %%ymm13, %%ymm5\n\t" \
    "vfmadd132pd %%ymm1, %%ymm2, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm2, %%ymm2\n\t" \
    "vfmadd231pd %%ymm1, %%ymm13, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm10, %%ymm2\n\t" \
    "vfmadd132pd %%ymm1, %%ymm14, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm14, %%ymm14\n\t" \
    "vfmadd231pd %%ymm1, %%ymm10, %%ymm14\n\t" \
    "vaddpd %%ymm14, %%ymm6, %%ymm6\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm3, %%ymm5\n\t" \
    "vaddpd %%ymm5, %%ymm6, %%ymm6\n\t" \
    "vmovapd 96(%[a]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm15, %%ymm0, %%ymm5\n\t" \
    "vmovapd 128(%[a]), %%ymm14\n\t" \
    "vfmadd132pd %%ymm15, %%ymm0, %%ymm14\n\t" \
    "vmovapd %%ymm14, 128(%[slots])\n\t" \
    "vmovapd 256(%[a]), %%ymm14\n\t" \
    "vmovapd %%ymm10, 160(%[slots])\n\t" \
    "vmovapd 160(%[b]), %%ymm10\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm10\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm3, %%ymm7\n\t" \
    "vsubpd %%ymm8, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm1, %%ymm4, %%ymm11\n\t" \
    "vmovapd 288(%[b]), %%ymm3\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm3\n\t" \
    "vaddpd %%ymm11, %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm5, %%ymm0, %%ymm11\n\t" \
    "vaddpd %%ymm7, %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm10, %%ymm0, %%ymm7\n\t" \
    "vfmadd231pd 160(%[b]), %%ymm14, %%ymm7\n\t" \
    "vmovapd %%ymm3, 192(%[slots])\n\t" \
    "vmovapd 64(%[k]), %%ymm3\n\t" \
    "vmovapd %%ymm13, %%ymm14\n\t" \
    "vfmadd132pd %%ymm3, %%ymm10, %%ymm14\n\t" \
    "vsubpd %%ymm14, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm3, %%ymm13, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm7, %%ymm7\n\t" \
    "vmovapd %%ymm9, %%ymm10\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm10\n\t" \
    "vfmadd231pd 96(%[a]), %%ymm15, %%ymm11\n\t" \
    "vsubpd %%ymm10, %%ymm5, %%ymm5\n\t" \
    "vfmadd231pd %%ymm3, %%ymm9, %%ymm5\n\t" \
    "vaddpd %%ymm5, %%ymm11, %%ymm11\n\t" \
    "vmovapd 32(%[k]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm4, %%ymm10, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm6, %%ymm2, %%ymm3\n\t" \
    "vsubpd %%ymm2, %%ymm3, %%ymm2\n\t" \
    "vmovapd 0(%[a]), %%ymm15\n\t" \
    "vmovapd %%ymm13, 224(%[slots])\n\t" \
    "vmovapd 128(%[b]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm15, %%ymm0, %%ymm13\n\t" \
    "vsubpd %%ymm2, %%ymm6, %%ymm6\n\t" \
    "vfmadd231pd 32(%[k]), %%ymm4, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm11, %%ymm11\n\t" \
    "vmovapd 96(%[b]), %%ymm2\n\t" \
    "vmovapd %%ymm15, %%ymm10\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm10\n\t" \
    "vmovapd %%ymm4, 256(%[slots])\n\t" \
    "vsubpd %%ymm10, %%ymm0, %%ymm4\n\t" \
    "vmovapd %%ymm9, 288(%[slots])\n\t" \
    "vsubpd %%ymm13, %%ymm0, %%ymm9\n\t" \
    "vfmadd231pd 128(%[b]), %%ymm15, %%ymm9\n\t" \
    "vfmadd132pd %%ymm2, %%ymm4, %%ymm15\n\t" \
    "vaddpd %%ymm12, %%ymm8, %%ymm4\n\t" \
    "vsubpd %%ymm8, %%ymm4, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm12, %%ymm12\n\t" \
    "vmovapd %%ymm12, %%ymm8\n\t" \
    "vfmadd132pd %%ymm1, %%ymm5, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm5, %%ymm5\n\t" \
    "vfmadd231pd %%ymm1, %%ymm12, %%ymm5\n\t" \
    "vmovapd %%ymm12, 320(%[slots])\n\t" \
    "vmovapd 32(%[a]), %%ymm12\n\t" \
    "vmovapd %%ymm8, 352(%[slots])\n\t" \
    "vmovapd %%ymm12, %%ymm8\n\t" \
    "vfmadd132pd %%ymm2, %%ymm13, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm13, %%ymm13\n\t" \
    "vfmadd231pd %%ymm2, %%ymm12, %%ymm13\n\t" \
    "vmovapd 64(%[b]), %%ymm2\n\t" \
    "vmovapd %%ymm12, %%ymm1\n\t" \
    "vfmadd132pd %%ymm2, %%ymm10, %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm13, %%ymm9, %%ymm9\n\t" \
    "vfmadd231pd %%ymm2, %%ymm12, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm15, %%ymm15\n\t" \
    "vmovapd 64(%[a]), %%ymm10\n\t" \
    "vmovapd %%ymm10, %%ymm13\n\t" \
    "vfmadd132pd %%ymm2, %%ymm8, %%ymm13\n\t" \
    "vsubpd %%ymm13, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm2, %%ymm10, %%ymm8\n\t" \
    "vmovapd 32(%[b]), %%ymm2\n\t" \
    "vmovapd 96(%[a]), %%ymm12\n\t" \
    "vfmadd132pd %%ymm2, %%ymm13, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm13, %%ymm13\n\t" \
    "vmovapd %%ymm12, 384(%[slots])\n\t" \
    "vmovapd %%ymm10, %%ymm12\n\t" \
    "vfmadd132pd %%ymm2, %%ymm1, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd %%ymm2, %%ymm10, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm15, %%ymm12, %%ymm1\n\t" \
    "vsubpd %%ymm12, %%ymm1, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm5, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm15, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm8, %%ymm9, %%ymm9\n\t" \
    "vfmadd231pd 96(%[a]), %%ymm2, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm9, %%ymm9\n\t" \
    "vmovapd 352(%[k]), %%ymm5\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm9, %%ymm9\n\t" \
    "vmovapd 256(%[b]), %%ymm1\n\t" \
    "vfmadd132pd 160(%[a]), %%ymm0, %%ymm1\n\t" \
    "vmovapd 160(%[slots]), %%ymm8\n\t" \
    "vmovapd 32(%[k]), %%ymm12\n\t" \
    "vfmadd132pd %%ymm8, %%ymm14, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm14, %%ymm14\n\t" \
    "vmovapd 128(%[k]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm8, %%ymm0, %%ymm13\n\t" \
    "vmovapd 96(%[k]), %%ymm15\n\t" \
    "vfmadd132pd %%ymm6, %%ymm13, %%ymm15\n\t" \
    "vmovapd 288(%[b]), %%ymm2\n\t" \
    "vmovapd %%ymm15, 416(%[slots])\n\t" \
    "vmovapd 160(%[a]), %%ymm15\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm15\n\t" \
    "vmovapd %%ymm13, 448(%[slots])\n\t" \
    "vmovapd 192(%[a]), %%ymm13\n\t" \
    "vmovapd %%ymm13, %%ymm10\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm10\n\t" \
    "vmovapd %%ymm10, 480(%[slots])\n\t" \
    "vmovapd 224(%[b]), %%ymm10\n\t" \
    "vfmadd132pd %%ymm13, %%ymm1, %%ymm10\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm4\n\t" \
    "vfmadd231pd 32(%[k]), %%ymm8, %%ymm14\n\t" \
    "vsubpd %%ymm15, %%ymm0, %%ymm8\n\t" \
    "vfmadd231pd 160(%[a]), %%ymm2, %%ymm8\n\t" \
    "vmovapd 0(%[k]), %%ymm2\n\t" \
    "vfmadd132pd %%ymm6, %%ymm12, %%ymm2\n\t" \
    "vaddpd %%ymm4, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm14, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm10, %%ymm1, %%ymm4\n\t" \
    "vsubpd %%ymm2, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd 0(%[k]), %%ymm6, %%ymm12\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm3\n\t" \
    "vsubpd %%ymm1, %%ymm0, %%ymm1\n\t" \
    "vmovapd 256(%[b]), %%ymm14\n\t" \
    "vfmadd231pd 160(%[a]), %%ymm14, %%ymm1\n\t" \
    "vfmadd231pd 224(%[b]), %%ymm13, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm1, %%ymm1\n\t" \
    "vaddpd %%ymm12, %%ymm7, %%ymm7\n\t" \
    "vmovapd 224(%[a]), %%ymm4\n\t" \
    "vmovapd 192(%[b]), %%ymm12\n\t" \
    "vmovapd %%ymm2, 512(%[slots])\n\t" \
    "vmovapd %%ymm4, %%ymm2\n\t" \
    "vfmadd132pd %%ymm12, %%ymm10, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm12, %%ymm4, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm1, %%ymm1\n\t" \
    "vmovapd 64(%[slots]), %%ymm10\n\t" \
    "vfmadd231pd 256(%[a]), %%ymm14, %%ymm10\n\t" \
    "vmovapd %%ymm10, 544(%[slots])\n\t" \
    "vaddpd %%ymm1, %%ymm2, %%ymm10\n\t" \
    "vsubpd %%ymm2, %%ymm10, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm1, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm7, %%ymm7\n\t" \
    "vmovapd %%ymm13, %%ymm1\n\t" \
    "vfmadd132pd %%ymm14, %%ymm15, %%ymm1\n\t" \
    "vmovapd 224(%[b]), %%ymm2\n\t" \
    "vfmadd132pd %%ymm4, %%ymm1, %%ymm2\n\t" \
    "vmovapd %%ymm6, 576(%[slots])\n\t" \
    "vmovapd 256(%[a]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm12, %%ymm2, %%ymm6\n\t" \
    "vsubpd %%ymm1, %%ymm15, %%ymm15\n\t" \
    "vfmadd231pd %%ymm14, %%ymm13, %%ymm15\n\t" \
    "vsubpd %%ymm2, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd 224(%[b]), %%ymm4, %%ymm1\n\t" \
    "vmovapd 128(%[slots]), %%ymm13\n\t" \
    "vsubpd %%ymm13, %%ymm0, %%ymm4\n\t" \
    "vaddpd %%ymm15, %%ymm8, %%ymm8\n\t" \
    "vaddpd %%ymm1, %%ymm8, %%ymm8\n\t" \
    "vmovapd 288(%[slots]), %%ymm1\n\t" \
    "vmovapd 96(%[k]), %%ymm15\n\t" \
    "vmovapd %%ymm1, %%ymm0\n\t" \
    "vfmadd132pd %%ymm15, %%ymm13, %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm13, %%ymm13\n\t" \
    "vfmadd231pd %%ymm15, %%ymm1, %%ymm13\n\t" \
    "vmovapd 128(%[a]), %%ymm1\n\t" \
    "vfmadd231pd 0(%[b]), %%ymm1, %%ymm4\n\t" \
    "vaddpd %%ymm13, %%ymm4, %%ymm4\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm10\n\t" \
    "vsubpd %%ymm6, %%ymm2, %%ymm2\n\t" \
    "vaddpd %%ymm3, %%ymm7, %%ymm7\n\t" \
    "vaddpd 352(%[slots]), %%ymm11, %%ymm3\n\t" \
    "vfmadd231pd 256(%[a]), %%ymm12, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm8, %%ymm8\n\t" \
    "vmovapd 256(%[slots]), %%ymm2\n\t" \
    "vmovapd 64(%[k]), %%ymm13\n\t" \
    "vmovapd %%ymm2, %%ymm1\n\t" \
    "vfmadd132pd %%ymm13, %%ymm0, %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm0, %%ymm0\n\t" \
    "vfmadd231pd %%ymm13, %%ymm2, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm4, %%ymm4\n\t" \
    "vmovapd 32(%[slots]), %%ymm0\n\t" \
    "vmovapd 224(%[slots]), %%ymm2\n\t" \
    "vfmadd132pd %%ymm15, %%ymm0, %%ymm2\n\t" \
    "vsubpd %%ymm2, %%ymm0, %%ymm0\n\t" \
    "vmovapd 160(%[slots]), %%ymm12\n\t" \
    "vfmadd132pd %%ymm13, %%ymm2, %%ymm12\n\t" \
    "vaddpd %%ymm10, %%ymm8, %%ymm8\n\t" \
    "vsubpd 352(%[slots]), %%ymm3, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm11, %%ymm11\n\t" \
    "vmovapd 32(%[k]), %%ymm10\n\t" \
    "vfmadd132pd 320(%[slots]), %%ymm1, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd 224(%[slots]), %%ymm15, %%ymm0\n\t" \
    "vsubpd %%ymm12, %%ymm2, %%ymm2\n\t" \
    "vfmadd231pd 160(%[slots]), %%ymm13, %%ymm2\n\t" \
    "vaddpd 0(%[slots]), %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm2, %%ymm0, %%ymm0\n\t" \
    "vaddpd 384(%[slots]), %%ymm9, %%ymm2\n\t" \
    "vmovapd 0(%[k]), %%ymm13\n\t" \
    "vmovapd %%ymm11, %%ymm15\n\t" \
    "vfmadd132pd %%ymm13, %%ymm10, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm13, %%ymm11, %%ymm10\n\t" \
    "vmovapd %%ymm11, 0(%[slots])\n\t" \
    "vmovapd 32(%[k]), %%ymm11\n\t" \
    "vfmadd231pd 320(%[slots]), %%ymm11, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm4, %%ymm4\n\t" \
    "vaddpd %%ymm8, %%ymm6, %%ymm1\n\t" \
    "vaddpd %%ymm10, %%ymm4, %%ymm4\n\t" \
    "vsubpd 384(%[slots]), %%ymm2, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm4, %%ymm4\n\t" \
    "vmovapd 576(%[slots]), %%ymm9\n\t" \
    "vfmadd132pd %%ymm11, %%ymm12, %%ymm9\n\t" \
    "vsubpd %%ymm6, %%ymm1, %%ymm6\n\t" \
    "vaddpd 512(%[slots]), %%ymm7, %%ymm10\n\t" \
    "vsubpd %%ymm9, %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm6, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd 576(%[slots]), %%ymm11, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm0, %%ymm0\n\t" \
    "vsubpd 512(%[slots]), %%ymm10, %%ymm6\n\t" \
    "vsubpd %%ymm6, %%ymm7, %%ymm7\n\t" \
    "vmovapd 384(%[k]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm10\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm3\n\t" \
    "vmovapd %%ymm7, %%ymm12\n\t" \
    "vfmadd132pd %%ymm13, %%ymm9, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm7, %%ymm9, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm0, %%ymm0\n\t" \
    "vmovapd 480(%[slots]), %%ymm9\n\t" \
    "vmovapd 224(%[a]), %%ymm13\n\t" \
    "vmovapd %%ymm13, %%ymm11\n\t" \
    "vfmadd132pd %%ymm14, %%ymm9, %%ymm11\n\t" \
    "vmovapd %%ymm7, 512(%[slots])\n\t" \
    "vsubpd %%ymm11, %%ymm9, %%ymm7\n\t" \
    "vaddpd %%ymm3, %%ymm4, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm15, %%ymm3\n\t" \
    "vfmadd231pd %%ymm14, %%ymm13, %%ymm7\n\t" \
    "vsubpd %%ymm15, %%ymm3, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm4, %%ymm4\n\t" \
    "vaddpd %%ymm8, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm10, %%ymm0, %%ymm0\n\t" \
    "vmovapd 64(%[slots]), %%ymm8\n\t" \
    "vsubpd 544(%[slots]), %%ymm8, %%ymm10\n\t" \
    "vmovapd 256(%[a]), %%ymm15\n\t" \
    "vfmadd231pd %%ymm14, %%ymm15, %%ymm10\n\t" \
    "vmovapd %%ymm4, 384(%[slots])\n\t" \
    "vmovapd 224(%[b]), %%ymm4\n\t" \
    "vmovapd %%ymm15, %%ymm14\n\t" \
    "vfmadd132pd %%ymm4, %%ymm11, %%ymm14\n\t" \
    "vsubpd %%ymm14, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm4, %%ymm15, %%ymm11\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm3\n\t" \
    "vmovapd %%ymm3, 352(%[slots])\n\t" \
    "vmovapd 480(%[k]), %%ymm3\n\t" \
    "vsubpd %%ymm9, %%ymm3, %%ymm9\n\t" \
    "vmovapd 288(%[b]), %%ymm15\n\t" \
    "vfmadd231pd 192(%[a]), %%ymm15, %%ymm9\n\t" \
    "vaddpd %%ymm7, %%ymm9, %%ymm9\n\t" \
    "vsubpd %%ymm8, %%ymm3, %%ymm8\n\t" \
    "vfmadd132pd %%ymm15, %%ymm8, %%ymm13\n\t" \
    "vaddpd %%ymm10, %%ymm13, %%ymm13\n\t" \
    "vmovapd 288(%[a]), %%ymm7\n\t" \
    "vmovapd 192(%[b]), %%ymm8\n\t" \
    "vmovapd %%ymm7, %%ymm10\n\t" \
    "vfmadd132pd %%ymm8, %%ymm14, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm14, %%ymm14\n\t" \
    "vsubpd 96(%[slots]), %%ymm3, %%ymm15\n\t" \
    "vaddpd %%ymm11, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm7, %%ymm14, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm10, %%ymm1\n\t" \
    "vmovapd 128(%[b]), %%ymm8\n\t" \
    "vmovapd 32(%[a]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm8, %%ymm3, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm3, %%ymm14\n\t" \
    "vsubpd %%ymm10, %%ymm1, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm9, %%ymm9\n\t" \
    "vmovapd 64(%[a]), %%ymm10\n\t" \
    "vfmadd231pd %%ymm8, %%ymm10, %%ymm15\n\t" \
    "vfmadd231pd 32(%[a]), %%ymm8, %%ymm14\n\t" \
    "vmovapd %%ymm9, 64(%[slots])\n\t" \
    "vmovapd 96(%[b]), %%ymm9\n\t" \
    "vmovapd %%ymm10, %%ymm8\n\t" \
    "vfmadd132pd %%ymm9, %%ymm11, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm11, %%ymm11\n\t" \
    "vfmadd132pd %%ymm9, %%ymm11, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm14, %%ymm14\n\t" \
    "vmovapd 544(%[slots]), %%ymm10\n\t" \
    "vmovapd %%ymm7, %%ymm11\n\t" \
    "vfmadd132pd %%ymm4, %%ymm10, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm10, %%ymm10\n\t" \
    "vfmadd132pd %%ymm7, %%ymm10, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm13, %%ymm13\n\t" \
    "vmovapd 96(%[slots]), %%ymm4\n\t" \
    "vmovapd 96(%[a]), %%ymm10\n\t" \
    "vmovapd %%ymm10, %%ymm7\n\t" \
    "vfmadd132pd %%ymm9, %%ymm4, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm4, %%ymm4\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm2\n\t" \
    "vfmadd231pd %%ymm9, %%ymm10, %%ymm4\n\t" \
    "vaddpd %%ymm0, %%ymm12, %%ymm9\n\t" \
    "vsubpd %%ymm12, %%ymm9, %%ymm12\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm13, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm11, %%ymm1\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm13, %%ymm13\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm9\n\t" \
    "vmovapd 64(%[b]), %%ymm11\n\t" \
    "vmovapd %%ymm1, 96(%[slots])\n\t" \
    "vmovapd %%ymm10, %%ymm1\n\t" \
    "vfmadd132pd %%ymm11, %%ymm8, %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm11, %%ymm10, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm14, %%ymm14\n\t" \
    "vmovapd 128(%[a]), %%ymm8\n\t" \
    "vmovapd %%ymm13, 544(%[slots])\n\t" \
    "vmovapd 32(%[b]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm8, %%ymm1, %%ymm13\n\t" \
    "vsubpd %%ymm13, %%ymm1, %%ymm1\n\t" \
    "vmovapd %%ymm8, %%ymm10\n\t" \
    "vfmadd132pd %%ymm11, %%ymm7, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm12, %%ymm0, %%ymm0\n\t" \
    "vfmadd231pd 32(%[b]), %%ymm8, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm14, %%ymm14\n\t" \
    "vaddpd %%ymm2, %%ymm14, %%ymm14\n\t" \
    "vmovapd 448(%[slots]), %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm3, %%ymm2\n\t" \
    "vaddpd %%ymm4, %%ymm15, %%ymm15\n\t" \
    "vsubpd 416(%[slots]), %%ymm1, %%ymm1\n\t" \
    "vfmadd132pd %%ymm8, %%ymm7, %%ymm11\n\t" \
    "vmovapd 128(%[k]), %%ymm4\n\t" \
    "vmovapd 256(%[slots]), %%ymm7\n\t" \
    "vfmadd132pd %%ymm4, %%ymm3, %%ymm7\n\t" \
    "vaddpd %%ymm14, %%ymm13, %%ymm12\n\t" \
    "vsubpd %%ymm13, %%ymm12, %%ymm13\n\t" \
    "vmovapd 224(%[slots]), %%ymm8\n\t" \
    "vfmadd132pd %%ymm4, %%ymm3, %%ymm8\n\t" \
    "vaddpd %%ymm11, %%ymm15, %%ymm15\n\t" \
    "vsubpd %%ymm7, %%ymm3, %%ymm11\n\t" \
    "vfmadd231pd 256(%[slots]), %%ymm4, %%ymm11\n\t" \
    "vfmadd132pd %%ymm5, %%ymm6, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm15, %%ymm15\n\t" \
    "vmovapd 96(%[k]), %%ymm12\n\t" \
    "vmovapd %%ymm11, 448(%[slots])\n\t" \
    "vmovapd 320(%[slots]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm12, %%ymm7, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm7, %%ymm7\n\t" \
    "vaddpd %%ymm15, %%ymm10, %%ymm6\n\t" \
    "vsubpd %%ymm10, %%ymm6, %%ymm10\n\t" \
    "vmovapd %%ymm6, 480(%[slots])\n\t" \
    "vmovapd 160(%[slots]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm12, %%ymm8, %%ymm6\n\t" \
    "vsubpd %%ymm13, %%ymm14, %%ymm14\n\t" \
    "vfmadd231pd 320(%[slots]), %%ymm12, %%ymm7\n\t" \
    "vsubpd %%ymm10, %%ymm15, %%ymm15\n\t" \
    "vmovapd 288(%[slots]), %%ymm10\n\t" \
    "vfmadd132pd %%ymm4, %%ymm3, %%ymm10\n\t" \
    "vmovapd 256(%[slots]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm12, %%ymm10, %%ymm13\n\t" \
    "vfmadd231pd 160(%[slots]), %%ymm4, %%ymm2\n\t" \
    "vmovapd %%ymm15, 32(%[slots])\n\t" \
    "vmovapd 64(%[k]), %%ymm15\n\t" \
    "vfmadd132pd 0(%[slots]), %%ymm11, %%ymm15\n\t" \
    "vmovapd %%ymm7, 128(%[slots])\n\t" \
    "vmovapd 320(%[k]), %%ymm7\n\t" \
    "vfmadd132pd %%ymm0, %%ymm3, %%ymm7\n\t" \
    "vmovapd %%ymm14, 608(%[slots])\n\t" \
    "vsubpd %%ymm8, %%ymm3, %%ymm14\n\t" \
    "vsubpd %%ymm6, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd 160(%[slots]), %%ymm12, %%ymm8\n\t" \
    "vfmadd231pd 224(%[slots]), %%ymm4, %%ymm14\n\t" \
    "vsubpd %%ymm15, %%ymm11, %%ymm11\n\t" \
    "vsubpd %%ymm7, %%ymm3, %%ymm7\n\t" \
    "vfmadd231pd 320(%[k]), %%ymm0, %%ymm7\n\t" \
    "vfmadd231pd 160(%[k]), %%ymm7, %%ymm0\n\t" \
    "vaddpd %%ymm8, %%ymm14, %%ymm14\n\t" \
    "vfmadd132pd %%ymm5, %%ymm9, %%ymm0\n\t" \
    "vsubpd %%ymm13, %%ymm10, %%ymm8\n\t" \
    "vfmadd231pd 256(%[slots]), %%ymm12, %%ymm8\n\t" \
    "vsubpd %%ymm10, %%ymm3, %%ymm10\n\t" \
    "vfmadd231pd 288(%[slots]), %%ymm4, %%ymm10\n\t" \
    "vaddpd %%ymm8, %%ymm10, %%ymm10\n\t" \
    "vmovapd 192(%[slots]), %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm3, %%ymm9\n\t" \
    "vmovapd %%ymm0, 288(%[slots])\n\t" \
    "vmovapd 576(%[slots]), %%ymm0\n\t" \
    "vfmadd231pd %%ymm12, %%ymm0, %%ymm1\n\t" \
    "vmovapd 256(%[b]), %%ymm12\n\t" \
    "vfmadd132pd 288(%[a]), %%ymm8, %%ymm12\n\t" \
    "vaddpd %%ymm1, %%ymm2, %%ymm2\n\t" \
    "vmovapd 64(%[k]), %%ymm1\n\t" \
    "vfmadd231pd 0(%[slots]), %%ymm1, %%ymm11\n\t" \
    "vmovapd %%ymm11, 256(%[slots])\n\t" \
    "vmovapd %%ymm0, %%ymm11\n\t" \
    "vfmadd132pd %%ymm4, %%ymm12, %%ymm11\n\t" \
    "vmovapd %%ymm15, 224(%[slots])\n\t" \
    "vsubpd %%ymm11, %%ymm12, %%ymm15\n\t" \
    "vmovapd %%ymm11, 160(%[slots])\n\t" \
    "vmovapd 320(%[slots]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm11\n\t" \
    "vfmadd231pd %%ymm4, %%ymm0, %%ymm15\n\t" \
    "vmovapd %%ymm15, 640(%[slots])\n\t" \
    "vmovapd %%ymm0, %%ymm15\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm6, %%ymm6\n\t" \
    "vsubpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vmovapd 288(%[b]), %%ymm12\n\t" \
    "vfmadd231pd 256(%[a]), %%ymm12, %%ymm9\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm14, %%ymm14\n\t" \
    "vsubpd %%ymm11, %%ymm13, %%ymm13\n\t" \
    "vmovapd 32(%[k]), %%ymm0\n\t" \
    "vmovapd 0(%[slots]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm0, %%ymm11, %%ymm6\n\t" \
    "vmovapd 288(%[a]), %%ymm4\n\t" \
    "vfmadd231pd 256(%[b]), %%ymm4, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm9, %%ymm9\n\t" \
    "vmovapd 512(%[slots]), %%ymm8\n\t" \
    "vmovapd %%ymm9, 576(%[slots])\n\t" \
    "vmovapd %%ymm8, %%ymm9\n\t" \
    "vfmadd132pd %%ymm0, %%ymm15, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm15, %%ymm15\n\t" \
    "vfmadd231pd %%ymm0, %%ymm8, %%ymm15\n\t" \
    "vaddpd %%ymm15, %%ymm14, %%ymm14\n\t" \
    "vsubpd %%ymm6, %%ymm11, %%ymm11\n\t" \
    "vfmadd132pd 0(%[slots]), %%ymm11, %%ymm0\n\t" \
    "vfmadd231pd 320(%[slots]), %%ymm1, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm10, %%ymm10\n\t" \
    "vmovapd 416(%[slots]), %%ymm11\n\t" \
    "vmovapd %%ymm8, %%ymm13\n\t" \
    "vfmadd132pd %%ymm1, %%ymm11, %%ymm13\n\t" \
    "vaddpd %%ymm0, %%ymm10, %%ymm10\n\t" \
    "vmovapd 224(%[k]), %%ymm0\n\t" \
    "vfmadd132pd %%ymm7, %%ymm13, %%ymm0\n\t" \
    "vsubpd %%ymm13, %%ymm11, %%ymm11\n\t" \
    "vfmadd132pd %%ymm8, %%ymm11, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm2, %%ymm2\n\t" \
    "vmovapd 384(%[slots]), %%ymm1\n\t" \
    "vmovapd 320(%[k]), %%ymm11\n\t" \
    "vmovapd %%ymm1, %%ymm15\n\t" \
    "vfmadd132pd %%ymm11, %%ymm3, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm3, %%ymm15\n\t" \
    "vfmadd132pd %%ymm1, %%ymm15, %%ymm11\n\t" \
    "vfmadd231pd 160(%[k]), %%ymm11, %%ymm1\n\t" \
    "vfmadd213pd 352(%[slots]), %%ymm5, %%ymm1\n\t" \
    "vsubpd %%ymm0, %%ymm13, %%ymm13\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm0\n\t" \
    "vmovapd 192(%[k]), %%ymm15\n\t" \
    "vmovapd %%ymm0, 352(%[slots])\n\t" \
    "vmovapd %%ymm11, %%ymm0\n\t" \
    "vfmadd132pd %%ymm15, %%ymm6, %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm6, %%ymm6\n\t" \
    "vfmadd231pd %%ymm15, %%ymm11, %%ymm6\n\t" \
    "vaddpd %%ymm6, %%ymm10, %%ymm10\n\t" \
    "vmovapd 480(%[slots]), %%ymm6\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm5, %%ymm6\n\t" \
    "vmovapd %%ymm0, 480(%[slots])\n\t" \
    "vmovapd %%ymm4, %%ymm0\n\t" \
    "vfmadd132pd %%ymm12, %%ymm3, %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm3, %%ymm5\n\t" \
    "vaddpd 608(%[slots]), %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm1, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm7, %%ymm1\n\t" \
    "vfmadd132pd %%ymm15, %%ymm9, %%ymm1\n\t" \
    "vsubpd %%ymm1, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm7, %%ymm9, %%ymm15\n\t" \
    "vfmadd132pd %%ymm12, %%ymm5, %%ymm4\n\t" \
    "vfmadd231pd 224(%[k]), %%ymm7, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm2, %%ymm2\n\t" \
    "vmovapd 128(%[b]), %%ymm5\n\t" \
    "vmovapd 96(%[a]), %%ymm9\n\t" \
    "vfmadd132pd %%ymm5, %%ymm3, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm3, %%ymm12\n\t" \
    "vmovapd 128(%[a]), %%ymm13\n\t" \
    "vmovapd %%ymm10, 608(%[slots])\n\t" \
    "vmovapd 96(%[b]), %%ymm10\n\t" \
    "vfmadd132pd %%ymm13, %%ymm9, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm9, %%ymm9\n\t" \
    "vmovapd %%ymm1, 384(%[slots])\n\t" \
    "vmovapd %%ymm13, %%ymm1\n\t" \
    "vfmadd132pd %%ymm5, %%ymm3, %%ymm1\n\t" \
    "vfmadd231pd 96(%[a]), %%ymm5, %%ymm12\n\t" \
    "vaddpd %%ymm15, %%ymm14, %%ymm14\n\t" \
    "vsubpd %%ymm1, %%ymm3, %%ymm3\n\t" \
    "vfmadd132pd %%ymm13, %%ymm3, %%ymm5\n\t" \
    "vfmadd132pd 96(%[b]), %%ymm9, %%ymm13\n\t" \
    "vmovapd 128(%[k]), %%ymm3\n\t" \
    "vmovapd 320(%[slots]), %%ymm9\n\t" \
    "vfmadd132pd %%ymm3, %%ymm10, %%ymm9\n\t" \
    "vaddpd %%ymm13, %%ymm12, %%ymm12\n\t" \
    "vaddpd %%ymm6, %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm9, %%ymm10, %%ymm10\n\t" \
    "vmovapd 0(%[slots]), %%ymm6\n\t" \
    "vmovapd %%ymm6, %%ymm13\n\t" \
    "vfmadd132pd %%ymm3, %%ymm1, %%ymm13\n\t" \
    "vsubpd %%ymm13, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd %%ymm3, %%ymm6, %%ymm1\n\t" \
    "vfmadd231pd 320(%[slots]), %%ymm3, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm12, %%ymm12\n\t" \
    "vmovapd %%ymm8, %%ymm10\n\t" \
    "vfmadd132pd %%ymm3, %%ymm0, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm0, %%ymm0\n\t" \
    "vfmadd132pd %%ymm8, %%ymm0, %%ymm3\n\t" \
    "vaddpd %%ymm3, %%ymm4, %%ymm4\n\t" \
    "vmovapd 160(%[slots]), %%ymm0\n\t" \
    "vmovapd 96(%[k]), %%ymm3\n\t" \
    "vmovapd %%ymm8, %%ymm15\n\t" \
    "vfmadd132pd %%ymm3, %%ymm0, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm0, %%ymm0\n\t" \
    "vfmadd132pd %%ymm3, %%ymm0, %%ymm8\n\t" \
    "vaddpd %%ymm1, %%ymm5, %%ymm5\n\t" \
    "vmovapd %%ymm6, %%ymm0\n\t" \
    "vfmadd132pd %%ymm3, %%ymm9, %%ymm0\n\t" \
    "vaddpd 544(%[slots]), %%ymm2, %%ymm2\n\t" \
    "vsubpd %%ymm0, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm3, %%ymm9, %%ymm6\n\t" \
    "vmovapd 288(%[k]), %%ymm1\n\t" \
    "vmovapd %%ymm11, %%ymm3\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm13, %%ymm13\n\t" \
    "vfmadd231pd %%ymm1, %%ymm11, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm5, %%ymm5\n\t" \
    "vmovapd %%ymm7, %%ymm9\n\t" \
    "vfmadd132pd %%ymm1, %%ymm10, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm6, %%ymm12, %%ymm12\n\t" \
    "vmovapd 224(%[k]), %%ymm6\n\t" \
    "vfmadd213pd 224(%[slots]), %%ymm11, %%ymm6\n\t" \
    "vfmadd132pd %%ymm7, %%ymm10, %%ymm1\n\t" \
    "vaddpd %%ymm1, %%ymm4, %%ymm4\n\t" \
    "vmovapd 256(%[k]), %%ymm1\n\t" \
    "vmovapd %%ymm11, %%ymm10\n\t" \
    "vfmadd132pd %%ymm1, %%ymm0, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm0, %%ymm0\n\t" \
    "vfmadd231pd %%ymm1, %%ymm11, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm12, %%ymm12\n\t" \
    "vmovapd %%ymm7, %%ymm0\n\t" \
    "vfmadd132pd %%ymm1, %%ymm15, %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm15, %%ymm15\n\t" \
    "vfmadd132pd %%ymm1, %%ymm15, %%ymm7\n\t" \
    "vmovapd 352(%[k]), %%ymm1\n\t" \
    "vmovapd 384(%[k]), %%ymm13\n\t" \
    "vmovapd 96(%[slots]), %%ymm15\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm15\n\t" \
    "vaddpd 576(%[slots]), %%ymm15, %%ymm15\n\t" \
    "vaddpd 640(%[slots]), %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm8, %%ymm15, %%ymm15\n\t" \
    "vmovapd 384(%[slots]), %%ymm8\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm2, %%ymm2\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm5, %%ymm5\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm4, %%ymm4\n\t" \
    "vmovapd 448(%[slots]), %%ymm0\n\t" \
    "vaddpd 128(%[slots]), %%ymm0, %%ymm0\n\t" \
    "vaddpd 256(%[slots]), %%ymm0, %%ymm0\n\t" \
    "vmovapd 224(%[slots]), %%ymm8\n\t" \
    "vsubpd %%ymm6, %%ymm8, %%ymm8\n\t" \
    "vfmadd132pd 224(%[k]), %%ymm8, %%ymm11\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm6\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm3\n\t" \
    "vaddpd %%ymm11, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm6, %%ymm12, %%ymm12\n\t" \
    "vaddpd 64(%[slots]), %%ymm14, %%ymm14\n\t" \
    "vmovapd 416(%[k]), %%ymm6\n\t" \
    "vmovapd %%ymm5, %%ymm8\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm8\n\t" \
    "vsubpd %%ymm6, %%ymm8, %%ymm8\n\t" \
    "vaddpd 288(%[slots]), %%ymm14, %%ymm14\n\t" \
    "vmovapd %%ymm14, %%ymm10\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm10\n\t" \
    "vsubpd %%ymm6, %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm7, %%ymm15, %%ymm15\n\t" \
    "vaddpd 352(%[slots]), %%ymm15, %%ymm15\n\t" \
    "vmovapd %%ymm12, %%ymm7\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm7\n\t" \
    "vsubpd %%ymm6, %%ymm7, %%ymm7\n\t" \
    "vfmadd132pd %%ymm1, %%ymm13, %%ymm9\n\t" \
    "vmovapd %%ymm4, %%ymm11\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm11\n\t" \
    "vsubpd %%ymm6, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm8, %%ymm3, %%ymm3\n\t" \
    "vmovapd %%ymm3, 128(%[o])\n\t" \
    "vmovapd 608(%[slots]), %%ymm3\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm3\n\t" \
    "vsubpd %%ymm6, %%ymm3, %%ymm3\n\t" \
    "vfmadd231pd 480(%[slots]), %%ymm1, %%ymm13\n\t" \
    "vmovapd %%ymm9, 288(%[o])\n\t" \
    "vmovapd %%ymm15, %%ymm9\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm9\n\t" \
    "vsubpd %%ymm6, %%ymm9, %%ymm9\n\t" \
    "vaddpd 32(%[slots]), %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm13, %%ymm0, %%ymm0\n\t" \
    "vmovapd 448(%[k]), %%ymm13\n\t" \
    "vfnmadd132pd %%ymm13, %%ymm4, %%ymm11\n\t" \
    "vmovapd %%ymm0, %%ymm4\n\t" \
    "vfmadd132pd %%ymm1, %%ymm6, %%ymm4\n\t" \
    "vsubpd %%ymm6, %%ymm4, %%ymm4\n\t" \
    "vfmadd132pd %%ymm2, %%ymm6, %%ymm1\n\t" \
    "vfnmadd231pd %%ymm13, %%ymm4, %%ymm0\n\t" \
    "vaddpd %%ymm3, %%ymm0, %%ymm0\n\t" \
    "vmovapd %%ymm0, 32(%[o])\n\t" \
    "vfnmadd213pd 608(%[slots]), %%ymm13, %%ymm3\n\t" \
    "vaddpd %%ymm9, %%ymm11, %%ymm11\n\t" \
    "vsubpd %%ymm6, %%ymm1, %%ymm1\n\t" \
    "vfnmadd132pd %%ymm13, %%ymm5, %%ymm8\n\t" \
    "vmovapd %%ymm3, 0(%[o])\n\t" \
    "vfnmadd231pd %%ymm13, %%ymm7, %%ymm12\n\t" \
    "vmovapd %%ymm11, 256(%[o])\n\t" \
    "vfnmadd231pd %%ymm13, %%ymm10, %%ymm14\n\t" \
    "vmovapd %%ymm14, 160(%[o])\n\t" \
    "vfnmadd231pd %%ymm13, %%ymm1, %%ymm2\n\t" \
    "vaddpd %%ymm4, %%ymm12, %%ymm12\n\t" \
    "vaddpd %%ymm10, %%ymm2, %%ymm2\n\t" \
    "vmovapd %%ymm2, 192(%[o])\n\t" \
    "vmovapd %%ymm12, 64(%[o])\n\t" \
    "vfnmadd132pd %%ymm13, %%ymm15, %%ymm9\n\t" \
    "vaddpd %%ymm1, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm7, %%ymm8, %%ymm8\n\t" \
    "vmovapd %%ymm9, 224(%[o])\n\t" \
    "vmovapd %%ymm8, 96(%[o])\n\t"

/* 442 operations in 636 instructions. */
enum { FMA_SQR_SLOTS = 23 };
#define FMA_SQR_CODE \
    "vmovapd 0(%[a]), %%ymm0\n\t" \
    "vmovapd 480(%[k]), %%ymm1\n\t" \
    "vmovapd %%ymm0, %%ymm2\n\t" \
    "vfmadd132pd %%ymm0, %%ymm1, %%ymm2\n\t" \
    "vmovapd 160(%[a]), %%ymm3\n\t" \
    "vaddpd %%ymm3, %%ymm3, %%ymm4\n\t" \
    "vaddpd %%ymm0, %%ymm0, %%ymm5\n\t" \
    "vmovapd 32(%[a]), %%ymm6\n\t" \
    "vmovapd %%ymm5, %%ymm7\n\t" \
    "vfmadd132pd %%ymm6, %%ymm1, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm1, %%ymm8\n\t" \
    "vmovapd 64(%[a]), %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm9, %%ymm10\n\t" \
    "vmovapd 192(%[a]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm4, %%ymm1, %%ymm11\n\t" \
    "vaddpd %%ymm6, %%ymm6, %%ymm12\n\t" \
    "vmovapd 128(%[a]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm12, %%ymm1, %%ymm13\n\t" \
    "vsubpd %%ymm2, %%ymm1, %%ymm14\n\t" \
    "vfmadd231pd %%ymm0, %%ymm0, %%ymm14\n\t" \
    "vmovapd 352(%[k]), %%ymm0\n\t" \
    "vfmadd213pd 384(%[k]), %%ymm0, %%ymm2\n\t" \
    "vfmadd231pd %%ymm6, %%ymm5, %%ymm8\n\t" \
    "vaddpd %%ymm2, %%ymm8, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm7, %%ymm2\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm15\n\t" \
    "vsubpd %%ymm7, %%ymm2, %%ymm7\n\t" \
    "vmovapd %%ymm13, 0(%[slots])\n\t" \
    "vmovapd 128(%[a]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm10, %%ymm1, %%ymm13\n\t" \
    "vmovapd %%ymm13, 32(%[slots])\n\t" \
    "vmovapd %%ymm3, %%ymm13\n\t" \
    "vfmadd132pd %%ymm3, %%ymm1, %%ymm13\n\t" \
    "vmovapd %%ymm10, 64(%[slots])\n\t" \
    "vmovapd 384(%[k]), %%ymm10\n\t" \
    "vfmadd231pd %%ymm0, %%ymm13, %%ymm10\n\t" \
    "vfmadd231pd 192(%[a]), %%ymm4, %%ymm15\n\t" \
    "vaddpd %%ymm10, %%ymm15, %%ymm15\n\t" \
    "vmovapd %%ymm5, %%ymm10\n\t" \
    "vfmadd132pd %%ymm9, %%ymm1, %%ymm10\n\t" \
    "vmovapd %%ymm6, %%ymm0\n\t" \
    "vfmadd132pd %%ymm6, %%ymm10, %%ymm0\n\t" \
    "vsubpd %%ymm7, %%ymm8, %%ymm8\n\t" \
    "vsubpd %%ymm0, %%ymm10, %%ymm7\n\t" \
    "vsubpd %%ymm10, %%ymm1, %%ymm10\n\t" \
    "vfmadd231pd %%ymm9, %%ymm5, %%ymm10\n\t" \
    "vmovapd %%ymm5, 96(%[slots])\n\t" \
    "vaddpd %%ymm15, %%ymm11, %%ymm5\n\t" \
    "vfmadd231pd %%ymm6, %%ymm6, %%ymm7\n\t" \
    "vaddpd %%ymm7, %%ymm10, %%ymm10\n\t" \
    "vsubpd %%ymm11, %%ymm5, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm15, %%ymm15\n\t" \
    "vmovapd %%ymm12, %%ymm6\n\t" \
    "vfmadd132pd %%ymm9, %%ymm1, %%ymm6\n\t" \
    "vmovapd 64(%[k]), %%ymm7\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm6, %%ymm11\n\t" \
    "vsubpd %%ymm6, %%ymm1, %%ymm6\n\t" \
    "vfmadd231pd %%ymm9, %%ymm12, %%ymm6\n\t" \
    "vmovapd 0(%[k]), %%ymm9\n\t" \
    "vmovapd %%ymm12, 128(%[slots])\n\t" \
    "vmovapd %%ymm14, %%ymm12\n\t" \
    "vfmadd132pd %%ymm9, %%ymm2, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm2, %%ymm2\n\t" \
    "vfmadd231pd %%ymm9, %%ymm14, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd 64(%[k]), %%ymm14, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm6, %%ymm6\n\t" \
    "vmovapd 32(%[k]), %%ymm2\n\t" \
    "vmovapd %%ymm14, %%ymm11\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm0, %%ymm0\n\t" \
    "vfmadd231pd %%ymm2, %%ymm14, %%ymm0\n\t" \
    "vsubpd %%ymm13, %%ymm1, %%ymm13\n\t" \
    "vfmadd231pd %%ymm3, %%ymm3, %%ymm13\n\t" \
    "vmovapd %%ymm13, %%ymm3\n\t" \
    "vfmadd132pd %%ymm9, %%ymm5, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm5, %%ymm5\n\t" \
    "vaddpd %%ymm0, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm8, %%ymm0\n\t" \
    "vfmadd132pd %%ymm2, %%ymm7, %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm7, %%ymm7\n\t" \
    "vmovapd %%ymm14, 160(%[slots])\n\t" \
    "vmovapd %%ymm8, %%ymm14\n\t" \
    "vfmadd132pd %%ymm9, %%ymm11, %%ymm14\n\t" \
    "vsubpd %%ymm14, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm9, %%ymm8, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm2, %%ymm8, %%ymm7\n\t" \
    "vaddpd %%ymm7, %%ymm6, %%ymm6\n\t" \
    "vfmadd231pd %%ymm9, %%ymm13, %%ymm5\n\t" \
    "vmovapd 224(%[a]), %%ymm7\n\t" \
    "vmovapd %%ymm7, %%ymm11\n\t" \
    "vfmadd132pd %%ymm7, %%ymm1, %%ymm11\n\t" \
    "vmovapd %%ymm8, 192(%[slots])\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm8\n\t" \
    "vfmadd231pd %%ymm7, %%ymm7, %%ymm8\n\t" \
    "vmovapd %%ymm8, 224(%[slots])\n\t" \
    "vmovapd 352(%[k]), %%ymm8\n\t" \
    "vmovapd %%ymm11, 256(%[slots])\n\t" \
    "vmovapd 384(%[k]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm8, %%ymm11, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm14, %%ymm12\n\t" \
    "vsubpd %%ymm14, %%ymm12, %%ymm14\n\t" \
    "vsubpd %%ymm14, %%ymm10, %%ymm10\n\t" \
    "vfmadd132pd %%ymm8, %%ymm11, %%ymm12\n\t" \
    "vfmadd132pd %%ymm8, %%ymm11, %%ymm3\n\t" \
    "vaddpd %%ymm5, %%ymm15, %%ymm15\n\t" \
    "vmovapd %%ymm4, %%ymm5\n\t" \
    "vfmadd132pd %%ymm7, %%ymm1, %%ymm5\n\t" \
    "vmovapd 192(%[a]), %%ymm14\n\t" \
    "vmovapd %%ymm14, %%ymm8\n\t" \
    "vfmadd132pd %%ymm14, %%ymm5, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm5, %%ymm11\n\t" \
    "vmovapd %%ymm12, 288(%[slots])\n\t" \
    "vmovapd %%ymm13, %%ymm12\n\t" \
    "vfmadd132pd %%ymm2, %%ymm8, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vsubpd %%ymm5, %%ymm1, %%ymm5\n\t" \
    "vfmadd231pd %%ymm2, %%ymm13, %%ymm8\n\t" \
    "vfmadd231pd %%ymm14, %%ymm14, %%ymm11\n\t" \
    "vfmadd231pd %%ymm7, %%ymm4, %%ymm5\n\t" \
    "vaddpd %%ymm11, %%ymm5, %%ymm5\n\t" \
    "vaddpd %%ymm8, %%ymm5, %%ymm5\n\t" \
    "vaddpd %%ymm7, %%ymm7, %%ymm8\n\t" \
    "vmovapd %%ymm10, %%ymm11\n\t" \
    "vfmadd132pd %%ymm9, %%ymm0, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm14, %%ymm14, %%ymm14\n\t" \
    "vmovapd %%ymm8, 320(%[slots])\n\t" \
    "vmovapd %%ymm15, %%ymm8\n\t" \
    "vfmadd132pd %%ymm9, %%ymm12, %%ymm8\n\t" \
    "vmovapd %%ymm11, 352(%[slots])\n\t" \
    "vmovapd 128(%[k]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm15, %%ymm1, %%ymm11\n\t" \
    "vsubpd %%ymm8, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd %%ymm9, %%ymm15, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm5, %%ymm5\n\t" \
    "vaddpd %%ymm3, %%ymm5, %%ymm5\n\t" \
    "vmovapd %%ymm14, %%ymm3\n\t" \
    "vfmadd132pd %%ymm7, %%ymm1, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm1, %%ymm12\n\t" \
    "vfmadd231pd %%ymm9, %%ymm10, %%ymm0\n\t" \
    "vmovapd %%ymm11, 384(%[slots])\n\t" \
    "vmovapd 64(%[k]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm13, %%ymm3, %%ymm11\n\t" \
    "vmovapd %%ymm10, 416(%[slots])\n\t" \
    "vmovapd 288(%[a]), %%ymm10\n\t" \
    "vmovapd %%ymm10, %%ymm9\n\t" \
    "vfmadd132pd %%ymm10, %%ymm1, %%ymm9\n\t" \
    "vmovapd %%ymm9, 448(%[slots])\n\t" \
    "vmovapd %%ymm15, %%ymm9\n\t" \
    "vfmadd132pd %%ymm2, %%ymm11, %%ymm9\n\t" \
    "vfmadd132pd %%ymm14, %%ymm12, %%ymm7\n\t" \
    "vaddpd %%ymm0, %%ymm6, %%ymm6\n\t" \
    "vsubpd %%ymm11, %%ymm3, %%ymm3\n\t" \
    "vmovapd %%ymm4, %%ymm0\n\t" \
    "vfmadd132pd %%ymm10, %%ymm1, %%ymm0\n\t" \
    "vsubpd %%ymm9, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd 64(%[k]), %%ymm13, %%ymm3\n\t" \
    "vfmadd231pd %%ymm2, %%ymm15, %%ymm11\n\t" \
    "vaddpd %%ymm3, %%ymm7, %%ymm7\n\t" \
    "vmovapd 256(%[a]), %%ymm3\n\t" \
    "vaddpd %%ymm3, %%ymm3, %%ymm12\n\t" \
    "vmovapd %%ymm12, 480(%[slots])\n\t" \
    "vmovapd %%ymm14, %%ymm12\n\t" \
    "vfmadd132pd %%ymm3, %%ymm0, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm0, %%ymm2\n\t" \
    "vaddpd %%ymm11, %%ymm7, %%ymm7\n\t" \
    "vmovapd %%ymm14, %%ymm11\n\t" \
    "vfmadd132pd %%ymm10, %%ymm1, %%ymm11\n\t" \
    "vsubpd %%ymm0, %%ymm1, %%ymm0\n\t" \
    "vfmadd231pd %%ymm10, %%ymm4, %%ymm0\n\t" \
    "vfmadd231pd %%ymm3, %%ymm14, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm0, %%ymm0\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm2\n\t" \
    "vfmadd132pd %%ymm10, %%ymm2, %%ymm14\n\t" \
    "vaddpd %%ymm5, %%ymm8, %%ymm2\n\t" \
    "vsubpd %%ymm8, %%ymm2, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm5, %%ymm5\n\t" \
    "vmovapd 0(%[k]), %%ymm8\n\t" \
    "vfmadd132pd %%ymm5, %%ymm9, %%ymm8\n\t" \
    "vmovapd %%ymm4, %%ymm10\n\t" \
    "vfmadd132pd %%ymm3, %%ymm1, %%ymm10\n\t" \
    "vmovapd %%ymm14, 512(%[slots])\n\t" \
    "vsubpd %%ymm10, %%ymm1, %%ymm14\n\t" \
    "vfmadd132pd %%ymm3, %%ymm14, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm10, %%ymm14\n\t" \
    "vsubpd %%ymm10, %%ymm14, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm4, %%ymm4\n\t" \
    "vsubpd %%ymm8, %%ymm9, %%ymm9\n\t" \
    "vfmadd231pd 0(%[k]), %%ymm5, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm7, %%ymm7\n\t" \
    "vmovapd 96(%[slots]), %%ymm9\n\t" \
    "vmovapd 96(%[a]), %%ymm10\n\t" \
    "vmovapd %%ymm9, %%ymm3\n\t" \
    "vfmadd132pd %%ymm10, %%ymm1, %%ymm3\n\t" \
    "vaddpd %%ymm4, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm3, %%ymm1, %%ymm4\n\t" \
    "vfmadd231pd %%ymm10, %%ymm9, %%ymm4\n\t" \
    "vmovapd %%ymm11, 544(%[slots])\n\t" \
    "vaddpd %%ymm4, %%ymm3, %%ymm11\n\t" \
    "vsubpd %%ymm3, %%ymm11, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm4, %%ymm4\n\t" \
    "vmovapd 352(%[k]), %%ymm3\n\t" \
    "vmovapd %%ymm5, 576(%[slots])\n\t" \
    "vmovapd 384(%[k]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm2\n\t" \
    "vaddpd %%ymm4, %%ymm6, %%ymm6\n\t" \
    "vaddpd %%ymm2, %%ymm7, %%ymm7\n\t" \
    "vaddpd %%ymm7, %%ymm8, %%ymm2\n\t" \
    "vsubpd %%ymm8, %%ymm2, %%ymm8\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm14\n\t" \
    "vaddpd %%ymm14, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm12, %%ymm4\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm2\n\t" \
    "vsubpd %%ymm12, %%ymm4, %%ymm12\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm11\n\t" \
    "vfmadd132pd %%ymm3, %%ymm5, %%ymm4\n\t" \
    "vmovapd 128(%[a]), %%ymm14\n\t" \
    "vmovapd %%ymm4, 608(%[slots])\n\t" \
    "vmovapd %%ymm9, %%ymm4\n\t" \
    "vfmadd132pd %%ymm14, %%ymm1, %%ymm4\n\t" \
    "vsubpd %%ymm4, %%ymm1, %%ymm3\n\t" \
    "vsubpd %%ymm12, %%ymm0, %%ymm0\n\t" \
    "vsubpd 0(%[slots]), %%ymm1, %%ymm12\n\t" \
    "vmovapd 128(%[slots]), %%ymm5\n\t" \
    "vfmadd231pd %%ymm14, %%ymm5, %%ymm12\n\t" \
    "vmovapd %%ymm2, 640(%[slots])\n\t" \
    "vmovapd 64(%[a]), %%ymm2\n\t" \
    "vmovapd %%ymm0, 672(%[slots])\n\t" \
    "vmovapd %%ymm2, %%ymm0\n\t" \
    "vfmadd132pd %%ymm2, %%ymm1, %%ymm0\n\t" \
    "vmovapd %%ymm12, 704(%[slots])\n\t" \
    "vmovapd %%ymm5, %%ymm12\n\t" \
    "vfmadd132pd %%ymm10, %%ymm4, %%ymm12\n\t" \
    "vfmadd132pd %%ymm14, %%ymm3, %%ymm9\n\t" \
    "vsubpd %%ymm12, %%ymm4, %%ymm4\n\t" \
    "vfmadd132pd %%ymm10, %%ymm4, %%ymm5\n\t" \
    "vaddpd %%ymm5, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm11, %%ymm9, %%ymm9\n\t" \
    "vsubpd %%ymm0, %%ymm1, %%ymm3\n\t" \
    "vmovapd 160(%[slots]), %%ymm4\n\t" \
    "vmovapd 96(%[k]), %%ymm5\n\t" \
    "vmovapd %%ymm4, %%ymm11\n\t" \
    "vfmadd132pd %%ymm5, %%ymm0, %%ymm11\n\t" \
    "vsubpd %%ymm11, %%ymm0, %%ymm0\n\t" \
    "vfmadd231pd %%ymm2, %%ymm2, %%ymm3\n\t" \
    "vfmadd231pd %%ymm5, %%ymm4, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm3, %%ymm3\n\t" \
    "vaddpd 288(%[slots]), %%ymm6, %%ymm6\n\t" \
    "vaddpd 352(%[slots]), %%ymm6, %%ymm0\n\t" \
    "vmovapd 192(%[slots]), %%ymm2\n\t" \
    "vmovapd 64(%[k]), %%ymm14\n\t" \
    "vmovapd %%ymm2, %%ymm10\n\t" \
    "vfmadd132pd %%ymm14, %%ymm11, %%ymm10\n\t" \
    "vsubpd %%ymm8, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm10, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm14, %%ymm2, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm3, %%ymm3\n\t" \
    "vmovapd 416(%[slots]), %%ymm8\n\t" \
    "vmovapd 32(%[k]), %%ymm11\n\t" \
    "vmovapd %%ymm8, %%ymm2\n\t" \
    "vfmadd132pd %%ymm11, %%ymm10, %%ymm2\n\t" \
    "vsubpd 352(%[slots]), %%ymm0, %%ymm4\n\t" \
    "vsubpd %%ymm4, %%ymm6, %%ymm6\n\t" \
    "vmovapd 0(%[k]), %%ymm4\n\t" \
    "vfmadd132pd %%ymm6, %%ymm2, %%ymm4\n\t" \
    "vsubpd %%ymm2, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm11, %%ymm8, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm3, %%ymm3\n\t" \
    "vmovapd 256(%[slots]), %%ymm10\n\t" \
    "vmovapd %%ymm13, %%ymm8\n\t" \
    "vfmadd132pd %%ymm5, %%ymm10, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd %%ymm5, %%ymm13, %%ymm10\n\t" \
    "vsubpd %%ymm4, %%ymm2, %%ymm2\n\t" \
    "vfmadd231pd 0(%[k]), %%ymm6, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm3, %%ymm3\n\t" \
    "vsubpd 384(%[slots]), %%ymm1, %%ymm2\n\t" \
    "vmovapd %%ymm6, 256(%[slots])\n\t" \
    "vmovapd 128(%[k]), %%ymm6\n\t" \
    "vfmadd231pd %%ymm6, %%ymm15, %%ymm2\n\t" \
    "vmovapd %%ymm2, 352(%[slots])\n\t" \
    "vaddpd %%ymm9, %%ymm12, %%ymm2\n\t" \
    "vsubpd %%ymm12, %%ymm2, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm3, %%ymm3\n\t" \
    "vmovapd %%ymm13, %%ymm9\n\t" \
    "vfmadd132pd %%ymm6, %%ymm1, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm1, %%ymm12\n\t" \
    "vfmadd132pd %%ymm6, %%ymm12, %%ymm13\n\t" \
    "vaddpd 224(%[slots]), %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm15, %%ymm12\n\t" \
    "vfmadd132pd %%ymm14, %%ymm8, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm14, %%ymm15, %%ymm8\n\t" \
    "vaddpd %%ymm8, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm15, %%ymm8\n\t" \
    "vfmadd132pd %%ymm5, %%ymm9, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm9, %%ymm9\n\t" \
    "vfmadd132pd %%ymm5, %%ymm9, %%ymm15\n\t" \
    "vaddpd %%ymm15, %%ymm13, %%ymm13\n\t" \
    "vmovapd 576(%[slots]), %%ymm9\n\t" \
    "vmovapd %%ymm9, %%ymm15\n\t" \
    "vfmadd132pd %%ymm11, %%ymm12, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd %%ymm11, %%ymm9, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm10, %%ymm10\n\t" \
    "vmovapd %%ymm9, %%ymm12\n\t" \
    "vfmadd132pd %%ymm14, %%ymm8, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm14, %%ymm9, %%ymm8\n\t" \
    "vmovapd 0(%[k]), %%ymm9\n\t" \
    "vfmadd132pd %%ymm7, %%ymm15, %%ymm9\n\t" \
    "vaddpd %%ymm8, %%ymm13, %%ymm13\n\t" \
    "vmovapd %%ymm7, %%ymm8\n\t" \
    "vfmadd132pd %%ymm11, %%ymm12, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd %%ymm11, %%ymm7, %%ymm12\n\t" \
    "vmovapd 160(%[slots]), %%ymm11\n\t" \
    "vfmadd132pd %%ymm6, %%ymm1, %%ymm11\n\t" \
    "vaddpd %%ymm12, %%ymm13, %%ymm13\n\t" \
    "vmovapd 192(%[slots]), %%ymm12\n\t" \
    "vfmadd132pd %%ymm5, %%ymm11, %%ymm12\n\t" \
    "vmovapd %%ymm13, 224(%[slots])\n\t" \
    "vmovapd 416(%[slots]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm14, %%ymm12, %%ymm13\n\t" \
    "vsubpd %%ymm9, %%ymm15, %%ymm15\n\t" \
    "vfmadd231pd 0(%[k]), %%ymm7, %%ymm15\n\t" \
    "vmovapd %%ymm7, 288(%[slots])\n\t" \
    "vsubpd %%ymm11, %%ymm1, %%ymm7\n\t" \
    "vaddpd %%ymm15, %%ymm10, %%ymm10\n\t" \
    "vsubpd %%ymm12, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd 192(%[slots]), %%ymm5, %%ymm11\n\t" \
    "vfmadd231pd 160(%[slots]), %%ymm6, %%ymm7\n\t" \
    "vaddpd %%ymm11, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm13, %%ymm12, %%ymm12\n\t" \
    "vmovapd 0(%[slots]), %%ymm11\n\t" \
    "vmovapd 64(%[slots]), %%ymm15\n\t" \
    "vmovapd %%ymm13, 160(%[slots])\n\t" \
    "vmovapd 96(%[a]), %%ymm13\n\t" \
    "vmovapd %%ymm15, %%ymm5\n\t" \
    "vfmadd132pd %%ymm13, %%ymm11, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm11, %%ymm11\n\t" \
    "vfmadd231pd %%ymm13, %%ymm15, %%ymm11\n\t" \
    "vaddpd %%ymm13, %%ymm13, %%ymm6\n\t" \
    "vfmadd231pd 416(%[slots]), %%ymm14, %%ymm12\n\t" \
    "vmovapd 352(%[k]), %%ymm14\n\t" \
    "vmovapd %%ymm6, 0(%[slots])\n\t" \
    "vmovapd 384(%[k]), %%ymm6\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm2\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm3, %%ymm3\n\t" \
    "vaddpd %%ymm3, %%ymm4, %%ymm0\n\t" \
    "vsubpd %%ymm4, %%ymm0, %%ymm4\n\t" \
    "vaddpd 704(%[slots]), %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm2, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm11, %%ymm5, %%ymm2\n\t" \
    "vsubpd %%ymm4, %%ymm3, %%ymm3\n\t" \
    "vaddpd %%ymm12, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm5, %%ymm2, %%ymm5\n\t" \
    "vmovapd 32(%[slots]), %%ymm4\n\t" \
    "vmovapd %%ymm13, %%ymm12\n\t" \
    "vfmadd132pd %%ymm13, %%ymm4, %%ymm12\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm2\n\t" \
    "vmovapd %%ymm7, 704(%[slots])\n\t" \
    "vsubpd %%ymm12, %%ymm4, %%ymm7\n\t" \
    "vfmadd231pd %%ymm13, %%ymm13, %%ymm7\n\t" \
    "vaddpd 672(%[slots]), %%ymm10, %%ymm10\n\t" \
    "vaddpd 640(%[slots]), %%ymm10, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm9, %%ymm13\n\t" \
    "vsubpd %%ymm4, %%ymm1, %%ymm4\n\t" \
    "vsubpd %%ymm9, %%ymm13, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm10, %%ymm10\n\t" \
    "vfmadd132pd 128(%[a]), %%ymm4, %%ymm15\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm0\n\t" \
    "vmovapd 320(%[k]), %%ymm4\n\t" \
    "vmovapd %%ymm3, %%ymm9\n\t" \
    "vfmadd132pd %%ymm4, %%ymm1, %%ymm9\n\t" \
    "vsubpd %%ymm9, %%ymm1, %%ymm9\n\t" \
    "vfmadd231pd %%ymm4, %%ymm3, %%ymm9\n\t" \
    "vfmadd231pd 160(%[k]), %%ymm9, %%ymm3\n\t" \
    "vaddpd %%ymm7, %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm2, %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm15, %%ymm12, %%ymm2\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm3\n\t" \
    "vmovapd 320(%[slots]), %%ymm0\n\t" \
    "vmovapd 288(%[a]), %%ymm7\n\t" \
    "vfmadd132pd %%ymm0, %%ymm1, %%ymm7\n\t" \
    "vsubpd %%ymm12, %%ymm2, %%ymm12\n\t" \
    "vsubpd %%ymm12, %%ymm15, %%ymm15\n\t" \
    "vmovapd 544(%[slots]), %%ymm12\n\t" \
    "vmovapd %%ymm3, 64(%[slots])\n\t" \
    "vmovapd 256(%[a]), %%ymm3\n\t" \
    "vmovapd %%ymm15, 32(%[slots])\n\t" \
    "vmovapd %%ymm0, %%ymm15\n\t" \
    "vfmadd132pd %%ymm3, %%ymm12, %%ymm15\n\t" \
    "vsubpd %%ymm5, %%ymm11, %%ymm11\n\t" \
    "vsubpd %%ymm15, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd %%ymm3, %%ymm0, %%ymm12\n\t" \
    "vaddpd 512(%[slots]), %%ymm12, %%ymm12\n\t" \
    "vmovapd %%ymm10, %%ymm5\n\t" \
    "vfmadd132pd %%ymm4, %%ymm1, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm1, %%ymm5\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm13\n\t" \
    "vfmadd132pd %%ymm10, %%ymm5, %%ymm4\n\t" \
    "vfmadd231pd 160(%[k]), %%ymm4, %%ymm10\n\t" \
    "vfmadd132pd %%ymm14, %%ymm13, %%ymm10\n\t" \
    "vmovapd 192(%[k]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm4, %%ymm8, %%ymm5\n\t" \
    "vaddpd 608(%[slots]), %%ymm12, %%ymm12\n\t" \
    "vaddpd %%ymm12, %%ymm15, %%ymm13\n\t" \
    "vmovapd %%ymm11, 608(%[slots])\n\t" \
    "vmovapd %%ymm3, %%ymm11\n\t" \
    "vfmadd132pd %%ymm3, %%ymm7, %%ymm11\n\t" \
    "vsubpd %%ymm15, %%ymm13, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm5, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd 192(%[k]), %%ymm4, %%ymm8\n\t" \
    "vaddpd 224(%[slots]), %%ymm8, %%ymm8\n\t" \
    "vaddpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vmovapd 128(%[k]), %%ymm12\n\t" \
    "vfmadd132pd 192(%[slots]), %%ymm1, %%ymm12\n\t" \
    "vsubpd %%ymm11, %%ymm7, %%ymm15\n\t" \
    "vfmadd231pd %%ymm3, %%ymm3, %%ymm15\n\t" \
    "vsubpd %%ymm7, %%ymm1, %%ymm7\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm5\n\t" \
    "vfmadd132pd 288(%[a]), %%ymm7, %%ymm0\n\t" \
    "vaddpd %%ymm10, %%ymm8, %%ymm8\n\t" \
    "vmovapd 384(%[slots]), %%ymm3\n\t" \
    "vmovapd 576(%[slots]), %%ymm7\n\t" \
    "vmovapd 96(%[k]), %%ymm10\n\t" \
    "vmovapd %%ymm8, 320(%[slots])\n\t" \
    "vmovapd %%ymm7, %%ymm8\n\t" \
    "vfmadd132pd %%ymm10, %%ymm3, %%ymm8\n\t" \
    "vsubpd %%ymm8, %%ymm3, %%ymm3\n\t" \
    "vfmadd231pd %%ymm10, %%ymm7, %%ymm3\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm2\n\t" \
    "vaddpd %%ymm15, %%ymm0, %%ymm0\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm13\n\t" \
    "vaddpd %%ymm13, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm11, %%ymm13\n\t" \
    "vmovapd 288(%[slots]), %%ymm15\n\t" \
    "vmovapd %%ymm5, 384(%[slots])\n\t" \
    "vmovapd 64(%[k]), %%ymm5\n\t" \
    "vmovapd %%ymm15, %%ymm7\n\t" \
    "vfmadd132pd %%ymm5, %%ymm8, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm8, %%ymm8\n\t" \
    "vfmadd231pd %%ymm5, %%ymm15, %%ymm8\n\t" \
    "vmovapd 224(%[k]), %%ymm15\n\t" \
    "vfmadd132pd %%ymm4, %%ymm7, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm7, %%ymm7\n\t" \
    "vsubpd %%ymm11, %%ymm13, %%ymm11\n\t" \
    "vaddpd 352(%[slots]), %%ymm3, %%ymm3\n\t" \
    "vaddpd %%ymm8, %%ymm3, %%ymm3\n\t" \
    "vsubpd %%ymm12, %%ymm1, %%ymm8\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm15\n\t" \
    "vfmadd231pd 224(%[k]), %%ymm4, %%ymm7\n\t" \
    "vmovapd %%ymm15, 352(%[slots])\n\t" \
    "vmovapd 128(%[a]), %%ymm15\n\t" \
    "vfmadd132pd 0(%[slots]), %%ymm1, %%ymm15\n\t" \
    "vaddpd %%ymm7, %%ymm3, %%ymm3\n\t" \
    "vsubpd %%ymm11, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm3, %%ymm3\n\t" \
    "vmovapd 416(%[slots]), %%ymm0\n\t" \
    "vmovapd %%ymm0, %%ymm7\n\t" \
    "vfmadd132pd %%ymm10, %%ymm12, %%ymm7\n\t" \
    "vsubpd %%ymm7, %%ymm12, %%ymm12\n\t" \
    "vfmadd231pd %%ymm10, %%ymm0, %%ymm12\n\t" \
    "vsubpd %%ymm15, %%ymm1, %%ymm11\n\t" \
    "vmovapd %%ymm3, 224(%[slots])\n\t" \
    "vmovapd 128(%[a]), %%ymm3\n\t" \
    "vfmadd231pd 0(%[slots]), %%ymm3, %%ymm11\n\t" \
    "vaddpd %%ymm2, %%ymm11, %%ymm11\n\t" \
    "vmovapd 128(%[k]), %%ymm2\n\t" \
    "vfmadd231pd 192(%[slots]), %%ymm2, %%ymm8\n\t" \
    "vmovapd %%ymm4, 192(%[slots])\n\t" \
    "vmovapd %%ymm0, %%ymm4\n\t" \
    "vfmadd132pd %%ymm2, %%ymm15, %%ymm4\n\t" \
    "vsubpd %%ymm4, %%ymm15, %%ymm15\n\t" \
    "vfmadd132pd %%ymm2, %%ymm15, %%ymm0\n\t" \
    "vaddpd %%ymm12, %%ymm8, %%ymm8\n\t" \
    "vmovapd 256(%[slots]), %%ymm12\n\t" \
    "vmovapd %%ymm12, %%ymm15\n\t" \
    "vfmadd132pd %%ymm10, %%ymm4, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm4, %%ymm4\n\t" \
    "vaddpd %%ymm0, %%ymm11, %%ymm11\n\t" \
    "vmovapd %%ymm12, %%ymm0\n\t" \
    "vfmadd132pd %%ymm5, %%ymm7, %%ymm0\n\t" \
    "vfmadd231pd %%ymm10, %%ymm12, %%ymm4\n\t" \
    "vaddpd %%ymm4, %%ymm11, %%ymm11\n\t" \
    "vsubpd %%ymm0, %%ymm7, %%ymm7\n\t" \
    "vfmadd132pd %%ymm12, %%ymm7, %%ymm5\n\t" \
    "vmovapd 224(%[k]), %%ymm4\n\t" \
    "vfmadd132pd %%ymm9, %%ymm0, %%ymm4\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm13\n\t" \
    "vsubpd %%ymm4, %%ymm0, %%ymm0\n\t" \
    "vaddpd %%ymm5, %%ymm8, %%ymm8\n\t" \
    "vmovapd %%ymm3, %%ymm5\n\t" \
    "vfmadd132pd %%ymm3, %%ymm1, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm1, %%ymm7\n\t" \
    "vfmadd231pd 224(%[k]), %%ymm9, %%ymm0\n\t" \
    "vaddpd %%ymm0, %%ymm8, %%ymm8\n\t" \
    "vmovapd 256(%[k]), %%ymm0\n\t" \
    "vfmadd132pd %%ymm9, %%ymm15, %%ymm0\n\t" \
    "vmovapd %%ymm12, %%ymm10\n\t" \
    "vfmadd132pd %%ymm2, %%ymm5, %%ymm10\n\t" \
    "vfmadd231pd %%ymm3, %%ymm3, %%ymm7\n\t" \
    "vmovapd 288(%[k]), %%ymm3\n\t" \
    "vfmadd132pd %%ymm9, %%ymm10, %%ymm3\n\t" \
    "vsubpd %%ymm10, %%ymm5, %%ymm5\n\t" \
    "vfmadd231pd %%ymm2, %%ymm12, %%ymm5\n\t" \
    "vsubpd %%ymm0, %%ymm15, %%ymm15\n\t" \
    "vfmadd231pd 256(%[k]), %%ymm9, %%ymm15\n\t" \
    "vaddpd %%ymm5, %%ymm7, %%ymm7\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm4\n\t" \
    "vaddpd %%ymm15, %%ymm11, %%ymm11\n\t" \
    "vaddpd %%ymm4, %%ymm11, %%ymm11\n\t" \
    "vmovapd 160(%[slots]), %%ymm4\n\t" \
    "vmovapd 32(%[k]), %%ymm5\n\t" \
    "vfmadd132pd %%ymm12, %%ymm4, %%ymm5\n\t" \
    "vsubpd %%ymm5, %%ymm4, %%ymm4\n\t" \
    "vmovapd 288(%[a]), %%ymm15\n\t" \
    "vfmadd132pd 480(%[slots]), %%ymm1, %%ymm15\n\t" \
    "vsubpd %%ymm3, %%ymm10, %%ymm10\n\t" \
    "vfmadd231pd 288(%[k]), %%ymm9, %%ymm10\n\t" \
    "vaddpd %%ymm10, %%ymm7, %%ymm7\n\t" \
    "vfmadd132pd 32(%[k]), %%ymm4, %%ymm12\n\t" \
    "vaddpd 704(%[slots]), %%ymm12, %%ymm12\n\t" \
    "vmovapd 192(%[k]), %%ymm4\n\t" \
    "vmovapd %%ymm9, %%ymm10\n\t" \
    "vfmadd132pd %%ymm4, %%ymm5, %%ymm10\n\t" \
    "vsubpd %%ymm10, %%ymm5, %%ymm5\n\t" \
    "vfmadd132pd %%ymm4, %%ymm5, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm12, %%ymm12\n\t" \
    "vmovapd 576(%[slots]), %%ymm4\n\t" \
    "vfmadd132pd %%ymm2, %%ymm15, %%ymm4\n\t" \
    "vsubpd %%ymm15, %%ymm1, %%ymm5\n\t" \
    "vmovapd 288(%[a]), %%ymm9\n\t" \
    "vfmadd231pd 480(%[slots]), %%ymm9, %%ymm5\n\t" \
    "vsubpd %%ymm4, %%ymm15, %%ymm15\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm0\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm3\n\t" \
    "vaddpd %%ymm0, %%ymm7, %%ymm7\n\t" \
    "vfmadd231pd 576(%[slots]), %%ymm2, %%ymm15\n\t" \
    "vaddpd %%ymm13, %%ymm5, %%ymm5\n\t" \
    "vaddpd %%ymm15, %%ymm5, %%ymm5\n\t" \
    "vaddpd 608(%[slots]), %%ymm12, %%ymm12\n\t" \
    "vmovapd 448(%[slots]), %%ymm0\n\t" \
    "vsubpd %%ymm0, %%ymm1, %%ymm1\n\t" \
    "vfmadd231pd %%ymm9, %%ymm9, %%ymm1\n\t" \
    "vmovapd 288(%[slots]), %%ymm9\n\t" \
    "vmovapd 96(%[k]), %%ymm13\n\t" \
    "vfmadd132pd %%ymm9, %%ymm4, %%ymm13\n\t" \
    "vmovapd %%ymm9, %%ymm15\n\t" \
    "vfmadd132pd %%ymm2, %%ymm0, %%ymm15\n\t" \
    "vsubpd %%ymm15, %%ymm0, %%ymm0\n\t" \
    "vfmadd132pd %%ymm9, %%ymm0, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm1, %%ymm1\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm10\n\t" \
    "vmovapd 416(%[k]), %%ymm0\n\t" \
    "vmovapd %%ymm7, %%ymm2\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm2\n\t" \
    "vsubpd %%ymm0, %%ymm2, %%ymm2\n\t" \
    "vsubpd %%ymm13, %%ymm4, %%ymm4\n\t" \
    "vfmadd132pd 96(%[k]), %%ymm4, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm5, %%ymm5\n\t" \
    "vmovapd 192(%[slots]), %%ymm4\n\t" \
    "vmovapd 256(%[k]), %%ymm9\n\t" \
    "vfmadd132pd %%ymm4, %%ymm13, %%ymm9\n\t" \
    "vaddpd %%ymm2, %%ymm3, %%ymm3\n\t" \
    "vmovapd %%ymm3, 128(%[o])\n\t" \
    "vaddpd 32(%[slots]), %%ymm8, %%ymm8\n\t" \
    "vmovapd 288(%[k]), %%ymm3\n\t" \
    "vfmadd132pd %%ymm4, %%ymm15, %%ymm3\n\t" \
    "vsubpd %%ymm3, %%ymm15, %%ymm15\n\t" \
    "vaddpd %%ymm10, %%ymm8, %%ymm8\n\t" \
    "vmovapd 448(%[k]), %%ymm10\n\t" \
    "vfnmadd132pd %%ymm10, %%ymm7, %%ymm2\n\t" \
    "vmovapd %%ymm11, %%ymm7\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm7\n\t" \
    "vaddpd 64(%[slots]), %%ymm12, %%ymm12\n\t" \
    "vsubpd %%ymm0, %%ymm7, %%ymm7\n\t" \
    "vfnmadd231pd %%ymm10, %%ymm7, %%ymm11\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm3\n\t" \
    "vaddpd %%ymm7, %%ymm2, %%ymm2\n\t" \
    "vfmadd231pd 288(%[k]), %%ymm4, %%ymm15\n\t" \
    "vmovapd 224(%[slots]), %%ymm7\n\t" \
    "vaddpd 384(%[slots]), %%ymm7, %%ymm7\n\t" \
    "vaddpd %%ymm15, %%ymm1, %%ymm1\n\t" \
    "vmovapd %%ymm7, %%ymm15\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm15\n\t" \
    "vsubpd %%ymm0, %%ymm15, %%ymm15\n\t" \
    "vmovapd %%ymm2, 96(%[o])\n\t" \
    "vsubpd %%ymm9, %%ymm13, %%ymm13\n\t" \
    "vfmadd132pd 256(%[k]), %%ymm13, %%ymm4\n\t" \
    "vfnmadd231pd %%ymm10, %%ymm15, %%ymm7\n\t" \
    "vmovapd 320(%[slots]), %%ymm2\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm2\n\t" \
    "vsubpd %%ymm0, %%ymm2, %%ymm2\n\t" \
    "vaddpd %%ymm2, %%ymm7, %%ymm7\n\t" \
    "vmovapd %%ymm7, 192(%[o])\n\t" \
    "vfmadd132pd %%ymm14, %%ymm6, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm1, %%ymm1\n\t" \
    "vmovapd %%ymm1, %%ymm6\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm6\n\t" \
    "vsubpd %%ymm0, %%ymm6, %%ymm6\n\t" \
    "vmovapd %%ymm8, %%ymm7\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm7\n\t" \
    "vsubpd %%ymm0, %%ymm7, %%ymm7\n\t" \
    "vfnmadd231pd %%ymm10, %%ymm7, %%ymm8\n\t" \
    "vmovapd %%ymm12, %%ymm9\n\t" \
    "vfmadd132pd %%ymm14, %%ymm0, %%ymm9\n\t" \
    "vaddpd %%ymm7, %%ymm11, %%ymm11\n\t" \
    "vsubpd %%ymm0, %%ymm9, %%ymm9\n\t" \
    "vaddpd %%ymm9, %%ymm8, %%ymm8\n\t" \
    "vaddpd %%ymm4, %%ymm5, %%ymm5\n\t" \
    "vfnmadd231pd %%ymm10, %%ymm6, %%ymm1\n\t" \
    "vaddpd 352(%[slots]), %%ymm5, %%ymm5\n\t" \
    "vfmadd132pd %%ymm5, %%ymm0, %%ymm14\n\t" \
    "vsubpd %%ymm0, %%ymm14, %%ymm14\n\t" \
    "vfnmadd213pd 320(%[slots]), %%ymm10, %%ymm2\n\t" \
    "vfnmadd231pd %%ymm10, %%ymm14, %%ymm5\n\t" \
    "vaddpd %%ymm15, %%ymm5, %%ymm5\n\t" \
    "vmovapd %%ymm5, 224(%[o])\n\t" \
    "vfnmadd132pd %%ymm10, %%ymm12, %%ymm9\n\t" \
    "vaddpd %%ymm6, %%ymm3, %%ymm3\n\t" \
    "vmovapd %%ymm9, 0(%[o])\n\t" \
    "vmovapd %%ymm11, 64(%[o])\n\t" \
    "vaddpd %%ymm14, %%ymm1, %%ymm1\n\t" \
    "vmovapd %%ymm1, 256(%[o])\n\t" \
    "vmovapd %%ymm8, 32(%[o])\n\t" \
    "vmovapd %%ymm2, 160(%[o])\n\t" \
    "vmovapd %%ymm3, 288(%[o])\n\t"

#endif
